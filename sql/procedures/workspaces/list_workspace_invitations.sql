CREATE PROCEDURE list_workspace_invitations (
    IN p_actor_id     BIGINT UNSIGNED,
    IN p_workspace_id BIGINT UNSIGNED
)
    COMMENT '
List the invitations to a workspace that are still good.

Parameters
  p_actor_id      the user who asks; NULL for the one that the SQL login is bound to
  p_workspace_id  the workspace

Result
  rows ordered by invitation_id: invitation_id, organization_id, workspace_id, role,
  created_by, created_at, expires_at

Errors
  actor_not_allowed    the login may not ask for that user
  actor_required       the login may ask for any user and named none
  permission_denied    only owners and admins see them
  workspace_not_found  there is no such workspace for the actor

Example
  CALL list_workspace_invitations(NULL, 4);
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    CALL _authorize(p_actor_id, p_workspace_id, NULL, 'administer');
    CALL _show_invitations(NULL, p_workspace_id);
END
