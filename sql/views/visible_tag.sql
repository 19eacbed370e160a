CREATE SQL SECURITY DEFINER VIEW visible_tag (workspace_id, task_id, name) AS
SELECT tag.workspace_id, tag.task_id, tag.name
  FROM sql_account
  JOIN membership ON membership.user_id = sql_account.user_id
  JOIN tag ON tag.workspace_id = membership.workspace_id
 WHERE sql_account.login = _login()
