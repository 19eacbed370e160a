CREATE PROCEDURE list_organization_invitations (
    IN p_actor_id        BIGINT UNSIGNED,
    IN p_organization_id BIGINT UNSIGNED
)
    COMMENT '
List the invitations to an organization that are still good.

Parameters
  p_actor_id         the user who asks; NULL for the one that the SQL login is bound to
  p_organization_id  the organization

Result
  rows ordered by invitation_id: invitation_id, organization_id, workspace_id, role,
  created_by, created_at, expires_at

Errors
  actor_not_allowed       the login may not ask for that user
  actor_required          the login may ask for any user and named none
  permission_denied       only owners and admins see them
  organization_not_found  there is no such organization for the actor

Example
  CALL list_organization_invitations(NULL, 1);
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    CALL _authorize_organization(p_actor_id, p_organization_id, 'administer');
    CALL _show_invitations(p_organization_id, NULL);
END
