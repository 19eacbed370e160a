CREATE PROCEDURE _set_tags (
    IN p_workspace_id BIGINT UNSIGNED,
    IN p_task_id      BIGINT UNSIGNED,
    IN p_names        JSON
)
    COMMENT '
Put exactly these tags on a task.

Parameters
  p_workspace_id  the workspace of the task
  p_task_id       the task
  p_names         an array of tag names; case and accents do not tell two apart

Result
  none
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DELETE tag
      FROM tag
      LEFT JOIN JSON_TABLE(p_names, '$[*]' COLUMNS (name VARCHAR(64) PATH '$')) AS wanted ON wanted.name = tag.name
     WHERE tag.workspace_id = p_workspace_id AND tag.task_id = p_task_id AND wanted.name IS NULL;

    INSERT INTO tag (workspace_id, task_id, name)
    SELECT p_workspace_id, p_task_id, MIN(wanted.name)
      FROM JSON_TABLE(p_names, '$[*]' COLUMNS (name VARCHAR(64) PATH '$')) AS wanted
      LEFT JOIN tag ON tag.workspace_id = p_workspace_id AND tag.task_id = p_task_id AND tag.name = wanted.name
     WHERE tag.name IS NULL
     GROUP BY wanted.name;
END
