CREATE PROCEDURE _rank_similar (
    IN  p_workspace_id BIGINT UNSIGNED,
    IN  p_title        VARCHAR(200),
    IN  p_description  TEXT,
    OUT p_similar      JSON
)
    COMMENT '
Find the tasks of a workspace that share most with a text.

By the twelve words of it that stand in the fewest tasks, of each the newest 500 tasks:
a word counts the more the fewer tasks have it, and twice in the title of the text. So
a text is like another as far as it has its rare words.

Parameters
  p_workspace_id  the workspace
  p_title         the title of a task, which need not be there
  p_description   its description
  p_similar       an array of at most 100 arrays: a task, and how much of what the words count
                  it has, from 0 to 1; most first, then the newest

Result
  none
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_tasks BIGINT UNSIGNED;

    SELECT MAX(id) - MIN(id) + 1 INTO v_tasks FROM task WHERE workspace_id = p_workspace_id;

    WITH said AS (
        SELECT listed.word, MIN(listed.part) AS part
          FROM JSON_TABLE(CONCAT('[', _words(COALESCE(p_title, '')), ',', _words(LEFT(COALESCE(p_description, ''), 2000)), ']'),
                          '$[*]' COLUMNS (
                              part FOR ORDINALITY,
                              NESTED PATH '$[*]' COLUMNS (word VARCHAR(64) PATH '$'))) AS listed
         WHERE listed.word <> ''
         GROUP BY listed.word
         LIMIT 200
    ),
    counted AS (
        SELECT word, part, _word_rows(p_workspace_id, word) AS tasks FROM said
    ),
    rare AS (
        SELECT word, LN(1 + v_tasks / tasks) * (3 - part) AS says
          FROM counted
         WHERE tasks > 0
         ORDER BY tasks, word
         LIMIT 12
    ),
    shared AS (
        SELECT newest.task_id, SUM(rare.says) AS says
          FROM rare
          JOIN LATERAL (
                   SELECT /*+ INDEX(task_word PRIMARY) */ task_word.task_id
                     FROM task_word
                    WHERE task_word.workspace_id = p_workspace_id AND task_word.word = rare.word
                    ORDER BY task_word.task_id DESC
                    LIMIT 500) AS newest
         GROUP BY newest.task_id
         ORDER BY says DESC, newest.task_id DESC
         LIMIT 100
    )
    -- What no task says sets the text apart from all of them.
    SELECT JSON_ARRAYAGG(JSON_ARRAY(task_id, ROUND(says / ((SELECT SUM(says) FROM rare AS known)
                                                           + (SELECT COALESCE(SUM(LN(1 + v_tasks) * (3 - part)), 0)
                                                                FROM counted AS unheard
                                                               WHERE tasks = 0)), 3)))
      INTO p_similar
      FROM shared;
END
