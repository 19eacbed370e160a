CREATE PROCEDURE _lock_organization (
    INOUT p_actor_id        BIGINT UNSIGNED,
    IN    p_organization_id BIGINT UNSIGNED,
    IN    p_permission      VARCHAR(16)
)
    COMMENT '
Begin a change of an organization: lock its row, then ask whether the actor may.

Its workspaces are locked after it, by the guards of the memberships that
change with it.

Parameters
  p_actor_id         as for _identify
  p_organization_id  the organization
  p_permission       as for _authorize_organization

Result
  none

Errors
  actor_not_allowed       as for _identify
  actor_required          as for _identify
  permission_denied       the role of the actor does not allow it
  organization_not_found  there is no such organization for this actor
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_organization_id BIGINT UNSIGNED;

    SELECT id INTO v_organization_id FROM organization WHERE id = p_organization_id FOR UPDATE;

    CALL _authorize_organization(p_actor_id, p_organization_id, p_permission);
    -- An interrupted call before this one may have left the other two behind.
    SET @headgate_actor_id = p_actor_id, @headgate_deriving = NULL, @headgate_new_after = NULL;
END
