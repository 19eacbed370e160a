CREATE FUNCTION _effective_role (
    p_workspace_id BIGINT UNSIGNED,
    p_user_id      BIGINT UNSIGNED,
    p_direct_role  VARCHAR(16)
)
    RETURNS VARCHAR(16) CHARSET ascii COLLATE ascii_bin
    COMMENT '
Work out what a user is in a workspace: the highest role that was given in any way.

By locking reads: the triggers that ask live in the snapshot of their caller.

Parameters
  p_workspace_id  the workspace
  p_user_id       the user
  p_direct_role   what they were given themselves, or NULL

Result
  a role, or NULL for somebody who does not belong there
'
    READS SQL DATA
    SQL SECURITY DEFINER
RETURN (
    SELECT role.role
      FROM role
     WHERE role.role = p_direct_role
        OR EXISTS (SELECT 1
                     FROM team_role
                     JOIN team_member ON team_member.team_id = team_role.team_id
                    WHERE team_role.workspace_id = p_workspace_id AND team_member.user_id = p_user_id
                      AND team_role.role = role.role
                      FOR SHARE)
        OR EXISTS (SELECT 1
                     FROM organization_workspace
                     JOIN organization_member ON organization_member.organization_id = organization_workspace.organization_id
                     JOIN inherited_role ON inherited_role.role = organization_member.role
                    WHERE organization_workspace.workspace_id = p_workspace_id AND organization_member.user_id = p_user_id
                      AND inherited_role.workspace_role = role.role
                      FOR SHARE)
     ORDER BY role.sort_order
     LIMIT 1)
