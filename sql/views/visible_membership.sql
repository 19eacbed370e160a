CREATE SQL SECURITY DEFINER VIEW visible_membership (workspace_id, user_id, username, role, created_at) AS
SELECT member.workspace_id, member.user_id, app_user.username, member.role, member.created_at
  FROM sql_account
  JOIN membership ON membership.user_id = sql_account.user_id
  JOIN membership AS member ON member.workspace_id = membership.workspace_id
  JOIN app_user ON app_user.id = member.user_id
 WHERE sql_account.login = _login()
