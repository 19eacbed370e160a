CREATE PROCEDURE list_team_roles (
    IN p_actor_id     BIGINT UNSIGNED,
    IN p_workspace_id BIGINT UNSIGNED
)
    COMMENT '
List the teams that have a role in a workspace.

Parameters
  p_actor_id      the user who asks; NULL for the one that the SQL login is bound to
  p_workspace_id  the workspace

Result
  rows ordered by name: team_id, name, role, created_at

Errors
  actor_not_allowed    the login may not ask for that user
  actor_required       the login may ask for any user and named none
  permission_denied    the role of the actor does not allow reading
  workspace_not_found  there is no such workspace for the actor

Example
  CALL list_team_roles(NULL, 4);
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    CALL _authorize(p_actor_id, p_workspace_id, NULL, 'read');

    SELECT team.id AS team_id, team.name, team_role.role, team_role.created_at
      FROM team_role
      JOIN team ON team.id = team_role.team_id
     WHERE team_role.workspace_id = p_workspace_id
     ORDER BY team.name;
END
