CREATE PROCEDURE _find_task (
    INOUT p_actor_id     BIGINT UNSIGNED,
    IN    p_task_id      BIGINT UNSIGNED,
    OUT   p_workspace_id BIGINT UNSIGNED
)
    COMMENT '
Find the workspace of the task that a reading call is about, and check that it may be read.

Parameters
  p_actor_id      as for _identify
  p_task_id       the task
  p_workspace_id  its workspace

Result
  none

Errors
  actor_not_allowed  as for _identify
  actor_required     as for _identify
  permission_denied  the role of the actor does not allow reading
  task_not_found     there is no such task for this actor
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    SELECT workspace_id INTO p_workspace_id FROM task WHERE id = p_task_id;

    CALL _authorize(p_actor_id, p_workspace_id, 'read', 'task_not_found', p_task_id);
END
