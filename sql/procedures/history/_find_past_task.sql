CREATE PROCEDURE _find_past_task (
    INOUT p_actor_id     BIGINT UNSIGNED,
    INOUT p_workspace_id BIGINT UNSIGNED,
    IN    p_task_id      BIGINT UNSIGNED
)
    COMMENT '
Find the workspace of a task that may be deleted by now, and check that it may be read.

Parameters
  p_actor_id      as for _identify
  p_workspace_id  the workspace found
  p_task_id       the task

Result
  none

Errors
  actor_not_allowed  as for _identify
  actor_required     as for _identify
  permission_denied  the role of the actor does not allow reading
  task_not_found     the actor may read no workspace that has or had the task
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    IF EXISTS (SELECT 1 FROM task WHERE id = p_task_id) THEN
        CALL _authorize(p_actor_id, p_workspace_id, p_task_id, 'read');
    ELSE
        CALL _identify(p_actor_id);

        SELECT MAX(membership.workspace_id)
          INTO p_workspace_id
          FROM membership
          JOIN role_permission ON role_permission.role = membership.role AND role_permission.permission = 'read'
         WHERE membership.user_id = p_actor_id
           AND EXISTS (SELECT /*+ INDEX(change_log change_log_task) */ 1
                         FROM change_log
                        WHERE change_log.workspace_id = membership.workspace_id AND change_log.task_id = p_task_id
                          AND change_log.entity = 'task');

        IF p_workspace_id IS NULL THEN
            CALL raise_error('task_not_found', CONCAT('no task ', COALESCE(p_task_id, 'NULL')),
                             JSON_OBJECT('task_id', p_task_id));
        END IF;
    END IF;
END
