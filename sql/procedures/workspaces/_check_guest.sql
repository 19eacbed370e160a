CREATE PROCEDURE _check_guest (
    IN p_workspace_id BIGINT UNSIGNED,
    IN p_user_id      BIGINT UNSIGNED,
    IN p_direct_role  VARCHAR(16)
)
    COMMENT '
Refuse to let a guest administer a workspace of an organization.

A guest is a member of the workspace who does not belong to its organization.

Parameters
  p_workspace_id  the workspace
  p_user_id       the user
  p_direct_role   the role that they are to be given, or NULL

Result
  none

Errors
  guest_restricted  the role administers, and the user is a guest
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    IF EXISTS (SELECT 1
                 FROM organization_workspace
                 JOIN role_permission
                 LEFT JOIN organization_member
                        ON organization_member.organization_id = organization_workspace.organization_id
                       AND organization_member.user_id = p_user_id
                WHERE organization_workspace.workspace_id = p_workspace_id
                  AND role_permission.role = p_direct_role AND role_permission.permission = 'administer'
                  AND organization_member.user_id IS NULL
                  FOR SHARE)
       -- A key is bound to its workspace, and made by who administers it.
       AND NOT EXISTS (SELECT 1 FROM api_key WHERE user_id = p_user_id FOR SHARE) THEN
        CALL raise_error('guest_restricted', CONCAT('user ', p_user_id, ' does not belong to the organization'),
                         JSON_OBJECT('workspace_id', p_workspace_id, 'user_id', p_user_id));
    END IF;
END
