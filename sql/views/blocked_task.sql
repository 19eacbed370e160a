CREATE SQL SECURITY DEFINER VIEW blocked_task (
    task_id, workspace_id, task_key, title, status, priority, priority_rank, assignee_id, due_at, waiting_for
) AS
SELECT task.id, task.workspace_id, task.task_key, task.title, task.status, task.priority, node.priority_rank,
       task.assignee_id, task.due_at, node.waiting_for
  FROM sql_account
  JOIN membership ON membership.user_id = sql_account.user_id
  JOIN node ON node.workspace_id = membership.workspace_id AND node.readiness = 'blocked'
  JOIN task ON task.id = node.task_id
 WHERE sql_account.login = _login()
