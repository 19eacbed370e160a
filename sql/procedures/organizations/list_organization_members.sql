CREATE PROCEDURE list_organization_members (
    IN p_actor_id        BIGINT UNSIGNED,
    IN p_organization_id BIGINT UNSIGNED
)
    COMMENT '
List who belongs to an organization.

Parameters
  p_actor_id         the user who asks; NULL for the one that the SQL login is bound to
  p_organization_id  the organization

Result
  rows ordered by username: user_id, username, role, created_at

Errors
  actor_not_allowed       the login may not ask for that user
  actor_required          the login may ask for any user and named none
  permission_denied       the role of the actor does not allow reading
  organization_not_found  there is no such organization for the actor

Example
  CALL list_organization_members(NULL, 1);
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    CALL _authorize_organization(p_actor_id, p_organization_id, 'read');

    SELECT app_user.id AS user_id, app_user.username, organization_member.role, organization_member.created_at
      FROM organization_member
      JOIN app_user ON app_user.id = organization_member.user_id
     WHERE organization_member.organization_id = p_organization_id
     ORDER BY app_user.username;
END
