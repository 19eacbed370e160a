CREATE PROCEDURE _lock_members (
    INOUT p_actor_id     BIGINT UNSIGNED,
    INOUT p_workspace_id BIGINT UNSIGNED,
    IN    p_permission   VARCHAR(16)
)
    COMMENT '
Begin a change of who belongs to a workspace: lock its organization, if any, then the workspace.

In that order everywhere: what somebody is in a workspace also follows from
the organization, whose own changes go on to its workspaces.

Parameters
  p_actor_id      as for _identify
  p_workspace_id  as for _lock_workspace
  p_permission    as for _authorize

Result
  none

Errors
  actor_not_allowed    as for _identify
  actor_required       as for _identify
  permission_denied    the role of the actor does not allow it
  workspace_not_found  there is no such workspace for this actor
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_organization_id BIGINT UNSIGNED;

    SELECT organization.id
      INTO v_organization_id
      FROM organization_workspace
      JOIN organization ON organization.id = organization_workspace.organization_id
     WHERE organization_workspace.workspace_id = p_workspace_id
       FOR UPDATE OF organization;

    CALL _lock_workspace(p_actor_id, p_workspace_id, p_permission);
END
