CREATE PROCEDURE _authorize (
    INOUT p_actor_id     BIGINT UNSIGNED,
    INOUT p_workspace_id BIGINT UNSIGNED,
    IN    p_task_id      BIGINT UNSIGNED,
    IN    p_permission   VARCHAR(16)
)
    COMMENT '
Refuse an actor whose role in a workspace does not allow what is asked.

To someone who may not even read, the thing asked for does not exist.
Every call begins with this: who it is and what they may is one statement.

Parameters
  p_actor_id      as for _identify
  p_workspace_id  the workspace that is asked for; where it is a task, its workspace is found
  p_task_id       the task that is asked for, or NULL
  p_permission    role_permission.permission: read, plan, administer or own

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
    DECLARE v_actor_id     BIGINT UNSIGNED;
    DECLARE v_workspace_id BIGINT UNSIGNED;
    DECLARE v_role         VARCHAR(16);
    DECLARE v_is_allowed   BOOLEAN;

    -- _login(), written out: calling a function costs as much as the rest.
    SELECT COALESCE(account.user_id, p_actor_id), IF(p_task_id IS NULL, p_workspace_id, task.workspace_id),
           membership.role, role_permission.permission IS NOT NULL
      INTO v_actor_id, v_workspace_id, v_role, v_is_allowed
      FROM sql_account AS account
      LEFT JOIN task ON task.id = p_task_id
      LEFT JOIN membership
             ON membership.workspace_id = IF(p_task_id IS NULL, p_workspace_id, task.workspace_id)
            AND membership.user_id = COALESCE(account.user_id, p_actor_id)
      LEFT JOIN role_permission ON role_permission.role = membership.role AND role_permission.permission = p_permission
     WHERE account.login = LEFT(USER(), CHAR_LENGTH(USER()) - CHAR_LENGTH(SUBSTRING_INDEX(USER(), '@', -1)) - 1);

    -- It says what is wrong, also with the session.
    IF v_actor_id IS NULL OR v_actor_id <> p_actor_id OR @@insert_id <> 0 OR NOT @@foreign_key_checks OR NOT @@unique_checks
        OR @@auto_increment_increment <> @@GLOBAL.auto_increment_increment
        OR @@auto_increment_offset <> @@GLOBAL.auto_increment_offset THEN
        CALL _identify(p_actor_id);
    END IF;

    -- A session may set its clock; what is written down is real.
    SET p_actor_id = v_actor_id, timestamp = DEFAULT;

    IF v_role IS NULL AND p_task_id IS NULL AND p_workspace_id IS NOT NULL THEN
        CALL raise_error('workspace_not_found', CONCAT('no workspace ', p_workspace_id),
                         JSON_OBJECT('workspace_id', p_workspace_id));
    END IF;

    IF v_role IS NULL THEN
        CALL raise_error('task_not_found', CONCAT('no task ', COALESCE(p_task_id, 'NULL')), JSON_OBJECT('task_id', p_task_id));
    END IF;

    IF NOT v_is_allowed THEN
        CALL raise_error('permission_denied', CONCAT('a ', v_role, ' of the workspace may not ', p_permission),
                         JSON_OBJECT('workspace_id', v_workspace_id, 'role', v_role, 'permission', p_permission));
    END IF;

    SET p_workspace_id = v_workspace_id;
END
