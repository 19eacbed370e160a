CREATE PROCEDURE _show_task (
    IN p_workspace_id BIGINT UNSIGNED,
    IN p_task_id      BIGINT UNSIGNED
)
    COMMENT '
Show one task with all that people see of it.

The same as _show_tasks, and cheaper: most calls end with it.

Parameters
  p_workspace_id  its workspace
  p_task_id       the task

Result
  one row, as for get_task
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    SELECT task.id AS task_id, task.workspace_id,
           (SELECT MAX(revision) FROM change_log WHERE change_log.workspace_id = p_workspace_id) AS revision,
           task.task_key, task.title, task.description,
           task.status, task.priority, task.assignee_id, task.assignee_team_id, task.estimate_minutes, task.due_at,
           (SELECT /*+ INDEX(tag PRIMARY) */ COALESCE(JSON_ARRAYAGG(tag.name), JSON_ARRAY())
              FROM tag
             WHERE tag.workspace_id = p_workspace_id AND tag.task_id = task.id) AS tags,
           (SELECT /*+ INDEX(edge PRIMARY) */ COALESCE(JSON_ARRAYAGG(edge.depends_on_id), JSON_ARRAY())
              FROM dependency AS edge
             WHERE edge.workspace_id = p_workspace_id AND edge.task_id = task.id) AS depends_on,
           node.readiness, node.waiting_for, task.version, task.created_by,
           task.created_at, task.updated_at, task.started_at, task.completed_at
      FROM task
      JOIN node ON node.task_id = task.id
     WHERE task.id = p_task_id;
END
