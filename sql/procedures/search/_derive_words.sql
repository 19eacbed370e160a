CREATE PROCEDURE _derive_words (
    IN p_workspace_id BIGINT UNSIGNED,
    IN p_first_id     BIGINT UNSIGNED,
    IN p_last_id      BIGINT UNSIGNED
)
    COMMENT '
Put the words of tasks into the index of words, in which none of theirs are.

Parameters
  p_workspace_id  the workspace
  p_first_id      the first task
  p_last_id       the last

Result
  none
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    -- The description begins where a title cannot end, so no word of it follows one of the title.
    -- Once in the title counts as much as three times elsewhere, and ever more times say ever less.
    -- The empty word sums up: how many others there are, and of which texts. Comments are read on from the description.
    INSERT /*+ SET_VAR(group_concat_max_len = 67108864) */
      INTO task_word (workspace_id, word, task_id, weight, places)
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
                        WHERE comment.workspace_id = p_workspace_id AND comment.task_id = task.id) AS spoken
                 JOIN JSON_TABLE(CONCAT('[', _words(task.title), ',', _words(CONCAT_WS('\n', task.description, spoken.body)), ',[""]]'),
                                 '$[*]' COLUMNS (
                          part FOR ORDINALITY,
                          NESTED PATH '$[*]' COLUMNS (place FOR ORDINALITY, word VARCHAR(64) PATH '$'))) AS listed
                GROUP BY listed.word) AS said
     WHERE task.workspace_id = p_workspace_id AND task.id BETWEEN p_first_id AND p_last_id;
END
