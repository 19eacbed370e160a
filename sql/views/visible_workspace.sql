CREATE SQL SECURITY DEFINER VIEW visible_workspace (workspace_id, name, role, revision, created_at) AS
SELECT workspace.id, workspace.name, membership.role, _revision(workspace.id), workspace.created_at
  FROM sql_account
  JOIN membership ON membership.user_id = sql_account.user_id
  JOIN workspace ON workspace.id = membership.workspace_id
 WHERE sql_account.login = _login()
