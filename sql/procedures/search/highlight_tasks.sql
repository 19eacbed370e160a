CREATE PROCEDURE highlight_tasks (
    IN p_actor_id     BIGINT UNSIGNED,
    IN p_workspace_id BIGINT UNSIGNED,
    IN p_filter       JSON,
    IN p_query        TEXT,
    IN p_task_ids     JSON
)
    COMMENT '
Show where the words that a search looks for stand in the tasks that it found.

Parameters
  p_actor_id      the user who asks; NULL for the one that the SQL login is bound to
  p_workspace_id  the workspace; NULL for the personal one of the actor
  p_filter        as for list_tasks
  p_query         as for list_tasks
  p_task_ids      an array of at most 1,000 task ids; others than those of the workspace show
                  nothing

Result
  one row per text with such a word: task_id, field (title, description or comment), comment_id
  (of a comment), fragment (of a longer text up to 200 characters from shortly before the
  first word), marks: an array of where in the fragment each begins, counted from 0, and how
  long it is, in characters. In the order of the tasks; the title first, comments last

Errors
  actor_not_allowed    the login may not ask for that user
  actor_required       the login may ask for any user and named none
  permission_denied    the role of the actor does not allow reading
  workspace_not_found  there is no such workspace for the actor
  invalid_request      the filter or the query means nothing, or too many tasks are named
  search_invalid       a saved search that is named cannot be read any more

Example
  CALL highlight_tasks(NULL, NULL, NULL, "wall*", "[3, 4]");
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_dense     VARCHAR(255) DEFAULT _dense_script();
    DECLARE v_condition LONGTEXT;
    DECLARE v_sort      VARCHAR(64);
    DECLARE v_words     JSON;
    DECLARE v_phrases   LONGTEXT;

    CALL _find_workspace(p_actor_id, p_workspace_id);
    CALL _read_search(p_workspace_id, p_actor_id, p_filter, p_query, v_sort, v_condition);

    CALL _check_task_ids(p_task_ids);

    -- Single words are marked as the task writes them, with its accents; phrases as they
    -- are asked for. All that can stand in a pattern are letters, marks and digits.
    SELECT /*+ SET_VAR(group_concat_max_len = 4194304) */
           JSON_ARRAYAGG(JSON_ARRAY(IF(phrase IS NULL, word, NULL), is_prefix)),
           GROUP_CONCAT(CONCAT(IF(phrase REGEXP CONCAT('^% ', v_dense), '', '(?<![^\\W_])'),
                               REPLACE(REGEXP_REPLACE(TRIM(REPLACE(phrase, '%', '')), CONCAT('(?<=', v_dense, ') | (?=', v_dense, ')'),
                                                      '[\\\\W_]*'), ' ', '[\\W_]+'),
                               CASE
                                   WHEN phrase REGEXP CONCAT(v_dense, ' ?%$') THEN ''
                                   WHEN phrase LIKE '% \%'                    THEN '(?![^\\W_])'
                                   ELSE '[^\\W_]*'
                               END) SEPARATOR '|')
      INTO v_words, v_phrases
      FROM (SELECT listed.*, LAG(kind) OVER (ORDER BY place, nr) AS before_it
              FROM JSON_TABLE(@headgate_values, '$[*]' COLUMNS (
                       place FOR ORDINALITY,
                       kind  VARCHAR(16) PATH '$.kind',
                       field VARCHAR(64) PATH '$.field',
                       NESTED PATH '$.values[*]' COLUMNS (
                           nr        FOR ORDINALITY,
                           word      VARCHAR(64)  PATH '$.words[0]',
                           is_prefix BOOLEAN      PATH '$.prefix',
                           phrase    VARCHAR(4000) PATH '$.phrase'))) AS listed) AS asked
     WHERE field = 'text' AND COALESCE(before_it, '') <> 'not' AND v_condition <> 'TRUE';

    WITH pattern AS (
        SELECT wanted.place, task.id, task.title, task.description,
               CONCAT_WS('|', v_phrases,
                         (SELECT GROUP_CONCAT(IF(task_word.word REGEXP CONCAT('^', v_dense), LEFT(task_word.word, CHAR_LENGTH(asked.word)),
                                                 CONCAT('(?<![^\\W_])', task_word.word, '(?![^\\W_])')) SEPARATOR '|')
                            FROM JSON_TABLE(v_words, '$[*]' COLUMNS (
                                     word VARCHAR(64) COLLATE utf8mb4_0900_ai_ci PATH '$[0]', is_prefix BOOLEAN PATH '$[1]')) AS asked
                            JOIN task_word FORCE INDEX (task_word_of_task)
                              ON task_word.workspace_id = p_workspace_id AND task_word.task_id = task.id
                             AND (task_word.word = asked.word
                                  OR asked.is_prefix AND task_word.word LIKE CONCAT(asked.word, '%')))) AS pattern
          FROM JSON_TABLE(p_task_ids, '$[*]' COLUMNS (place FOR ORDINALITY, task_id BIGINT UNSIGNED PATH '$')) AS wanted
          JOIN task ON task.id = wanted.task_id
         WHERE task.workspace_id = p_workspace_id
    ),
    told AS (
        SELECT pattern.place, pattern.id, pattern.pattern, part.nr, part.field, part.comment_id,
               REGEXP_REPLACE(part.text, '[\\uFDD0\\uFDD1]', ' ') AS text
          FROM pattern
          JOIN LATERAL (  -- noqa: PRS
                        SELECT 1 AS nr, 'title' AS field, NULL AS comment_id, pattern.title AS text
                         UNION ALL
                        SELECT 2, 'description', NULL, pattern.description
                         UNION ALL
                        SELECT 3, 'comment', comment.id, comment.body
                          FROM comment
                         WHERE comment.workspace_id = p_workspace_id AND comment.task_id = pattern.id) AS part
         WHERE pattern.pattern <> ''
    ),
    -- Marks are put in as two characters that are none, and then their places are read off.
    piece AS (
        SELECT told.*, cut.nr AS piece, CHAR_LENGTH(cut.piece) - (cut.nr > 1) AS size, LOCATE('﷑', cut.piece) - 1 AS length
          FROM told
          JOIN JSON_TABLE(CONCAT('[', REPLACE(JSON_QUOTE(REGEXP_REPLACE(told.text, told.pattern, '\\uFDD0$0\\uFDD1', 1, 0, 'i')),
                                              '﷐', '","'), ']'),
                          '$[*]' COLUMNS (nr FOR ORDINALITY, piece LONGTEXT PATH '$')) AS cut
    ),
    mark AS (
        SELECT piece.*, CAST(SUM(size) OVER (PARTITION BY place, nr, comment_id ORDER BY piece) - size AS SIGNED) AS since
          FROM piece
    ),
    chosen AS (
        SELECT mark.*, CHAR_LENGTH(text) <= 200 OR nr = 1 AS is_whole, MIN(since) OVER (PARTITION BY place, nr, comment_id) AS first
          FROM mark
         WHERE piece > 1
    ),
    shown AS (
        -- A few words before the first mark, if there are any.
        SELECT chosen.*,
               IF(is_whole, 0,
                  first - CHAR_LENGTH(SUBSTRING_INDEX(SUBSTRING(text, GREATEST(first - 60, 0) + 1, LEAST(first, 60)), ' ', -6))) AS start
          FROM chosen
    )
    SELECT /*+ SET_VAR(group_concat_max_len = 4194304) */
           id AS task_id, field, comment_id, SUBSTRING(text, MIN(start) + 1, 200) AS fragment,
           CAST(CONCAT('[', GROUP_CONCAT(JSON_ARRAY(since - start, length) ORDER BY since), ']') AS JSON) AS marks
      FROM shown
     WHERE since + length <= start + 200
     GROUP BY place, id, nr, field, comment_id, text
     ORDER BY place, nr, comment_id;
END
