CREATE PROCEDURE list_touched_tasks (
    IN p_workspace_id   BIGINT UNSIGNED,
    IN p_after_revision BIGINT UNSIGNED
)
    COMMENT '
Tell which tasks look different after the changes of a workspace.

Those that a change names, and those that wait for a task whose status changed. What is
known of any other task is as right as it was before; a comment changes nothing about its
task. Only for the service: it keeps
answers about tasks for as long as nobody touches them.

Parameters
  p_workspace_id    the workspace
  p_after_revision  the changes after this one, but no more than 500

Result
  one row: revision (the last of these changes; NULL if there are none), task_ids (an
  array; NULL if they are more than 2000), touches_people (1 if there was a change that
  names no task, such as one of a membership)

Example
  CALL list_touched_tasks(1, 40);
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    WITH line AS (
        SELECT revision, task_id, entity,
               entity = 'task' AND action = 'update' AND old_row ->> '$.status' <> new_row ->> '$.status' AS is_turned
          FROM change_log
         WHERE workspace_id = p_workspace_id AND revision > p_after_revision
         ORDER BY revision
         LIMIT 500
    ),
    touched AS (
        SELECT task_id
          FROM line
         WHERE task_id IS NOT NULL AND entity NOT IN ('comment', 'reaction')
         UNION
        SELECT /*+ JOIN_FIXED_ORDER() INDEX(edge dependency_dependents) */ edge.task_id
          FROM line
          JOIN dependency AS edge ON edge.workspace_id = p_workspace_id AND edge.depends_on_id = line.task_id
         WHERE line.is_turned
    )
    SELECT (SELECT MAX(revision) FROM line) AS revision,
           IF(COUNT(*) > 2000, NULL, COALESCE(JSON_ARRAYAGG(task_id), JSON_ARRAY())) AS task_ids,
           EXISTS (SELECT 1 FROM line WHERE task_id IS NULL) AS touches_people
      FROM touched;
END
