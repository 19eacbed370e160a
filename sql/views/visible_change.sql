CREATE SQL SECURITY DEFINER VIEW visible_change (
    workspace_id, revision, changed_at, actor_id, login, entity, action, task_id, depends_on_id, old_row, new_row
) AS
SELECT change_log.workspace_id, change_log.revision, change_log.changed_at, change_log.actor_id, change_log.login,
       change_log.entity, change_log.action, change_log.task_id, change_log.depends_on_id, change_log.old_row, change_log.new_row
  FROM sql_account
  JOIN membership ON membership.user_id = sql_account.user_id
  JOIN change_log ON change_log.workspace_id = membership.workspace_id
 WHERE sql_account.login = _login()
