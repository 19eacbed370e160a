CREATE PROCEDURE list_team_members (
    IN p_actor_id BIGINT UNSIGNED,
    IN p_team_id  BIGINT UNSIGNED
)
    COMMENT '
List who is in a team.

Parameters
  p_actor_id  the user who asks; NULL for the one that the SQL login is bound to
  p_team_id   the team

Result
  rows ordered by username: user_id, username, created_at

Errors
  actor_not_allowed  the login may not ask for that user
  actor_required     the login may ask for any user and named none
  permission_denied  the role of the actor does not allow reading
  team_not_found     there is no such team for the actor

Example
  CALL list_team_members(NULL, 1);
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_organization_id BIGINT UNSIGNED;

    CALL _authorize_team(p_actor_id, p_team_id, 'read', v_organization_id);

    SELECT app_user.id AS user_id, app_user.username, team_member.created_at
      FROM team_member
      JOIN app_user ON app_user.id = team_member.user_id
     WHERE team_member.team_id = p_team_id
     ORDER BY app_user.username;
END
