CREATE SQL SECURITY DEFINER VIEW visible_membership (
    -- Who belongs to the workspaces.
    workspace_id, -- the workspace
    user_id,      -- the member
    username,     -- the name it logs in with
    role,         -- viewer, member, admin or owner
    created_at    -- since when, in the time zone of the session
) AS
SELECT CAST(membership.workspace_id AS UNSIGNED), member.user_id, app_user.username, member.role, member.created_at
  FROM sql_account FORCE INDEX (PRIMARY)
  STRAIGHT_JOIN membership FORCE INDEX (membership_user) ON membership.user_id = sql_account.user_id
  STRAIGHT_JOIN membership AS member FORCE INDEX (PRIMARY) ON member.workspace_id = membership.workspace_id
  STRAIGHT_JOIN app_user FORCE INDEX (PRIMARY) ON app_user.id = member.user_id
 WHERE sql_account.login = LEFT(USER(), CHAR_LENGTH(USER()) - LOCATE('@', REVERSE(USER())))
