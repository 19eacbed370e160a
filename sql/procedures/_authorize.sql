CREATE PROCEDURE _authorize (
    INOUT p_actor_id     BIGINT UNSIGNED,
    IN    p_workspace_id BIGINT UNSIGNED,
    IN    p_permission   VARCHAR(16),
    IN    p_hidden_as    VARCHAR(48),
    IN    p_hidden_id    BIGINT UNSIGNED
)
    COMMENT '
Refuse an actor whose role in a workspace does not allow what is asked.

To someone who may not even read, the thing asked for does not exist.

Parameters
  p_actor_id      as for _identify
  p_workspace_id  the workspace, or NULL where the thing asked for is in none
  p_permission    role_permission.permission: read, plan, administer or own
  p_hidden_as     the refusal for strangers: workspace_not_found or task_not_found
  p_hidden_id     the id that this refusal names

Result
  none

Errors
  actor_not_allowed    as for _identify
  actor_required       as for _identify
  permission_denied    the actor is a member, but not in a role that may
  workspace_not_found  there is no such workspace for this actor
  task_not_found       there is no such task for this actor
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_role       VARCHAR(16);
    DECLARE v_is_allowed BOOLEAN;

    CALL _identify(p_actor_id);

    SELECT membership.role, role_permission.permission IS NOT NULL
      INTO v_role, v_is_allowed
      FROM membership
      LEFT JOIN role_permission ON role_permission.role = membership.role AND role_permission.permission = p_permission
     WHERE membership.workspace_id = p_workspace_id AND membership.user_id = p_actor_id;

    IF v_role IS NULL THEN
        CALL raise_error(p_hidden_as, CONCAT('no ', SUBSTRING_INDEX(p_hidden_as, '_', 1), ' ', p_hidden_id),
                         JSON_OBJECT(CONCAT(SUBSTRING_INDEX(p_hidden_as, '_', 1), '_id'), p_hidden_id));
    END IF;

    IF NOT v_is_allowed THEN
        CALL raise_error('permission_denied', CONCAT('a ', v_role, ' of the workspace may not ', p_permission),
                         JSON_OBJECT('workspace_id', p_workspace_id, 'role', v_role, 'permission', p_permission));
    END IF;
END
