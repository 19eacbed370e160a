CREATE FUNCTION _workspaces_of_member (
    p_organization_id BIGINT UNSIGNED,
    p_user_id         BIGINT UNSIGNED
)
    RETURNS JSON
    COMMENT '
Say in which workspaces of an organization a user is a member.

Parameters
  p_organization_id  the organization
  p_user_id          the user

Result
  an array of workspaces
'
    READS SQL DATA
    SQL SECURITY DEFINER
RETURN (
    SELECT COALESCE(JSON_ARRAYAGG(organization_workspace.workspace_id), JSON_ARRAY())
      FROM organization_workspace
      JOIN membership
        ON membership.workspace_id = organization_workspace.workspace_id AND membership.user_id = p_user_id
     WHERE organization_workspace.organization_id = p_organization_id)
