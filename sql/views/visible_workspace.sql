CREATE SQL SECURITY DEFINER VIEW visible_workspace (
    -- The workspaces themselves.
    workspace_id, -- the workspace
    name,         -- what it is called
    role,         -- viewer, member, admin or owner: what the login is in it
    revision,     -- the number of its newest change
    created_at    -- when it was made, in the time zone of the session
) AS
SELECT CAST(membership.workspace_id AS UNSIGNED), workspace.name, membership.role, _revision(workspace.id),
       workspace.created_at
  FROM sql_account FORCE INDEX (PRIMARY)
  STRAIGHT_JOIN membership FORCE INDEX (membership_user) ON membership.user_id = sql_account.user_id
  STRAIGHT_JOIN workspace FORCE INDEX (PRIMARY) ON workspace.id = membership.workspace_id
 WHERE sql_account.login = LEFT(USER(), CHAR_LENGTH(USER()) - LOCATE('@', REVERSE(USER())))
