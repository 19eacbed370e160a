CREATE PROCEDURE _authorize_organization (
    INOUT p_actor_id        BIGINT UNSIGNED,
    IN    p_organization_id BIGINT UNSIGNED,
    IN    p_permission      VARCHAR(16)
)
    COMMENT '
Refuse an actor whose role in an organization does not allow what is asked.

What _authorize is for workspaces and tasks; to strangers there is none.

Parameters
  p_actor_id         as for _identify
  p_organization_id  the organization
  p_permission       role_permission.permission: read, plan, administer or own

Result
  none

Errors
  actor_not_allowed       as for _identify
  actor_required          as for _identify
  permission_denied       the actor is a member, but not in a role that may
  organization_not_found  there is no such organization for this actor
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_role       VARCHAR(16);
    DECLARE v_is_allowed BOOLEAN;

    CALL _identify(p_actor_id);

    SELECT organization_member.role, role_permission.permission IS NOT NULL
      INTO v_role, v_is_allowed
      FROM organization_member
      LEFT JOIN role_permission
             ON role_permission.role = organization_member.role AND role_permission.permission = p_permission
     WHERE organization_member.organization_id = p_organization_id AND organization_member.user_id = p_actor_id;

    IF v_role IS NULL THEN
        CALL raise_error('organization_not_found', CONCAT('no organization ', COALESCE(p_organization_id, 'NULL')),
                         JSON_OBJECT('organization_id', p_organization_id));
    END IF;

    IF NOT v_is_allowed THEN
        CALL raise_error('permission_denied', CONCAT('a ', v_role, ' of the organization may not ', p_permission),
                         JSON_OBJECT('organization_id', p_organization_id, 'role', v_role, 'permission', p_permission));
    END IF;
END
