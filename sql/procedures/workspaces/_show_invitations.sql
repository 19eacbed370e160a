CREATE PROCEDURE _show_invitations (
    IN p_organization_id BIGINT UNSIGNED,
    IN p_workspace_id    BIGINT UNSIGNED
)
    COMMENT '
Show the invitations to an organization or a workspace that are still good.

Parameters
  p_organization_id  the organization; NULL for a workspace
  p_workspace_id     the workspace; NULL for an organization

Result
  rows ordered by invitation_id: invitation_id, organization_id, workspace_id, role,
  created_by, created_at, expires_at
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    SELECT id AS invitation_id, organization_id, workspace_id, role, created_by, created_at, expires_at
      FROM invitation
     WHERE (organization_id = p_organization_id OR workspace_id = p_workspace_id)
       AND accepted_at IS NULL AND revoked_at IS NULL AND expires_at > NOW(6)
     ORDER BY id;
END
