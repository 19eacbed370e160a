CREATE SQL SECURITY DEFINER VIEW visible_dependency (workspace_id, task_id, depends_on_id, created_by, created_at) AS
SELECT dependency.workspace_id, dependency.task_id, dependency.depends_on_id, dependency.created_by, dependency.created_at
  FROM sql_account
  JOIN membership ON membership.user_id = sql_account.user_id
  JOIN dependency ON dependency.workspace_id = membership.workspace_id
 WHERE sql_account.login = _login()
