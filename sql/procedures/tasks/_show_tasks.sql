CREATE PROCEDURE _show_tasks (
    IN p_workspace_id BIGINT UNSIGNED,
    IN p_task_ids     JSON
)
    COMMENT '
Show tasks with all that people see of them, in the order given.

Parameters
  p_workspace_id  their workspace
  p_task_ids      an array of task ids, or NULL for none

Result
  one row per task, as for get_task
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    SELECT /*+ JOIN_FIXED_ORDER() */
           task.id AS task_id, task.workspace_id,
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
      FROM JSON_TABLE(p_task_ids, '$[*]' COLUMNS (place FOR ORDINALITY, task_id BIGINT UNSIGNED PATH '$')) AS wanted
      JOIN task ON task.id = wanted.task_id
      JOIN node ON node.task_id = task.id
     WHERE task.workspace_id = p_workspace_id
     ORDER BY wanted.place;
END
