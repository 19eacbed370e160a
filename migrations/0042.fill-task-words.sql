-- The words of tasks that were there before their index. What is read of task is not locked: people go on writing.
-- transactional: false

SET @headgate_deriving = 1, SESSION transaction_isolation = 'READ-COMMITTED';

INSERT /*+ SET_VAR(group_concat_max_len = 67108864) */ INTO task_word (workspace_id, word, task_id, weight, places)
SELECT task.workspace_id, IF(said.word = '', '', said.word), task.id,
       IF(said.word = '', 0, ROUND(250 * said.times / (said.times + 3))),
       IF(said.word = '', (CRC32(CONCAT(task.title, '\n', task.description)) ^ said.comments) << 32 | (said.words - 1), said.places)
  FROM task
  JOIN LATERAL (  -- noqa: PRS
           SELECT listed.word, SUM(IF(listed.part = 1, 3, 1)) AS times,
                  BIT_OR(1 << ((listed.place + 201 * (listed.part - 1)) & 63)) AS places, COUNT(*) OVER () AS words,
                  COALESCE(MAX(spoken.checksum), 0) AS comments
             FROM (SELECT GROUP_CONCAT(body ORDER BY id SEPARATOR '\n') AS body, BIT_XOR(CRC32(CONCAT(id, body))) AS checksum
                     FROM comment
                    WHERE comment.workspace_id = task.workspace_id AND comment.task_id = task.id) AS spoken
             JOIN JSON_TABLE(
                      CONCAT('[["', REGEXP_REPLACE(REGEXP_REPLACE(REPLACE(REGEXP_REPLACE(task.title, '([\\u3005-\\u3007\\u3041-\\u3096\\u309D-\\u30FA\\u30FC-\\u318E\\u3400-\\u4DBF\\u4E00-\\u9FFF\\uAC00-\\uD7AF\\uF900-\\uFAFF\\uFF66-\\uFF9F\\U00020000-\\U0003FFFF])(?=([\\u3005-\\u3007\\u3041-\\u3096\\u309D-\\u30FA\\u30FC-\\u318E\\u3400-\\u4DBF\\u4E00-\\u9FFF\\uAC00-\\uD7AF\\uF900-\\uFAFF\\uFF66-\\uFF9F\\U00020000-\\U0003FFFF]?))', ' $1$2 '), '_', ' '), '(\\w{64})(?=\\w)', '$1 '), '\\W+', '","'), '"],["',
                             REGEXP_REPLACE(REGEXP_REPLACE(REPLACE(REGEXP_REPLACE(CONCAT_WS('\n', task.description, spoken.body), '([\\u3005-\\u3007\\u3041-\\u3096\\u309D-\\u30FA\\u30FC-\\u318E\\u3400-\\u4DBF\\u4E00-\\u9FFF\\uAC00-\\uD7AF\\uF900-\\uFAFF\\uFF66-\\uFF9F\\U00020000-\\U0003FFFF])(?=([\\u3005-\\u3007\\u3041-\\u3096\\u309D-\\u30FA\\u30FC-\\u318E\\u3400-\\u4DBF\\u4E00-\\u9FFF\\uAC00-\\uD7AF\\uF900-\\uFAFF\\uFF66-\\uFF9F\\U00020000-\\U0003FFFF]?))', ' $1$2 '), '_', ' '), '(\\w{64})(?=\\w)', '$1 '), '\\W+', '","'), '"],[""]]'),
                      '$[*]' COLUMNS (
                          part FOR ORDINALITY,
                          NESTED PATH '$[*]' COLUMNS (place FOR ORDINALITY, word VARCHAR(64) PATH '$'))) AS listed
            GROUP BY listed.word) AS said;

SET @headgate_deriving = NULL, SESSION transaction_isolation = DEFAULT;
