CREATE FUNCTION _word_rows (
    p_workspace_id BIGINT UNSIGNED,
    p_word         VARCHAR(64)
)
    RETURNS INT UNSIGNED
    COMMENT '
Say in about how many tasks of a workspace a word stands.

The newest 500 tell, where there are so many: by how far back they reach.

Parameters
  p_workspace_id  the workspace
  p_word          the word

Result
  a number of tasks
'
    NOT DETERMINISTIC
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_rows  INT UNSIGNED;
    DECLARE v_since BIGINT UNSIGNED;

    SELECT COUNT(*), MIN(task_id)
      INTO v_rows, v_since
      FROM (SELECT /*+ INDEX(task_word PRIMARY) */ task_id
              FROM task_word
             WHERE workspace_id = p_workspace_id AND word = p_word
             ORDER BY task_id DESC
             LIMIT 500) AS newest;

    IF v_rows = 500 THEN
        SELECT LEAST(v_rows * ((MAX(id) - MIN(id) + 1) / (MAX(id) - v_since + 1)), 1000000000)
          INTO v_rows
          FROM task
         WHERE workspace_id = p_workspace_id;
    END IF;

    RETURN v_rows;
END
