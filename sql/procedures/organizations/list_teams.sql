CREATE PROCEDURE list_teams (
    IN p_actor_id        BIGINT UNSIGNED,
    IN p_organization_id BIGINT UNSIGNED
)
    COMMENT '
List the teams of an organization.

Parameters
  p_actor_id         the user who asks; NULL for the one that the SQL login is bound to
  p_organization_id  the organization

Result
  rows ordered by name: team_id, organization_id, name, created_at

Errors
  actor_not_allowed       the login may not ask for that user
  actor_required          the login may ask for any user and named none
  permission_denied       the role of the actor does not allow reading
  organization_not_found  there is no such organization for the actor

Example
  CALL list_teams(NULL, 1);
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    CALL _authorize_organization(p_actor_id, p_organization_id, 'read');

    SELECT id AS team_id, organization_id, name, created_at FROM team WHERE organization_id = p_organization_id ORDER BY name;
END
