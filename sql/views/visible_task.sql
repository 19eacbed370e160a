CREATE SQL SECURITY DEFINER VIEW visible_task (
    task_id, workspace_id, task_key, title, description, status, priority, assignee_id, estimate_minutes, due_at,
    readiness, waiting_for, version, created_by, created_at, updated_at, started_at, completed_at
) AS
SELECT task.id, task.workspace_id, task.task_key, task.title, task.description, task.status, task.priority,
       task.assignee_id, task.estimate_minutes, task.due_at, node.readiness, node.waiting_for, task.version,
       task.created_by, task.created_at, task.updated_at, task.started_at, task.completed_at
  FROM sql_account
  JOIN membership ON membership.user_id = sql_account.user_id
  JOIN task ON task.workspace_id = membership.workspace_id
  JOIN node ON node.task_id = task.id
 WHERE sql_account.login = _login()
