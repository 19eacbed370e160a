CREATE SQL SECURITY DEFINER VIEW visible_team (
    -- The teams that have a role in the workspaces.
    workspace_id, -- the workspace
    team_id,      -- the team
    name,         -- what it is called
    role,         -- viewer, member, admin or owner: what its members are at least
    created_at    -- since when, in the time zone of the session
) AS
SELECT CAST(membership.workspace_id AS UNSIGNED), team_role.team_id, team.name, team_role.role, team_role.created_at
  FROM sql_account FORCE INDEX (PRIMARY)
  STRAIGHT_JOIN membership FORCE INDEX (membership_user) ON membership.user_id = sql_account.user_id
  STRAIGHT_JOIN team_role FORCE INDEX (PRIMARY) ON team_role.workspace_id = membership.workspace_id
  STRAIGHT_JOIN team FORCE INDEX (PRIMARY) ON team.id = team_role.team_id
 WHERE sql_account.login = LEFT(USER(), CHAR_LENGTH(USER()) - LOCATE('@', REVERSE(USER())))
