CREATE SQL SECURITY DEFINER VIEW visible_change (
    -- The change log: what was changed, by whom and when.
    workspace_id,  -- the workspace
    revision,      -- counts up within the workspace, without gaps, in the order of commits
    changed_at,    -- when, in the time zone of the session
    actor_id,      -- the user; NULL for a change by raw SQL
    login,         -- the MySQL user name of the session that did it
    entity,        -- workspace, membership, task, tag, dependency, comment, reaction or attachment
    action,        -- insert, update or delete
    task_id,       -- of all but changes of workspaces and memberships
    depends_on_id, -- of changes of dependencies
    old_row,       -- JSON: the columns before; NULL where task_id and depends_on_id say it all
    new_row        -- JSON: the columns after, likewise
) AS
SELECT CAST(membership.workspace_id AS UNSIGNED), change_log.revision, change_log.changed_at, change_log.actor_id,
       change_log.login, change_log.entity, change_log.action, change_log.task_id, change_log.depends_on_id,
       change_log.old_row, change_log.new_row
  FROM sql_account FORCE INDEX (PRIMARY)
  STRAIGHT_JOIN membership FORCE INDEX (membership_user) ON membership.user_id = sql_account.user_id
  STRAIGHT_JOIN change_log FORCE INDEX (PRIMARY) ON change_log.workspace_id = membership.workspace_id
 WHERE sql_account.login = LEFT(USER(), CHAR_LENGTH(USER()) - LOCATE('@', REVERSE(USER())))
