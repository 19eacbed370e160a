CREATE PROCEDURE _lock_task (
    INOUT p_actor_id     BIGINT UNSIGNED,
    IN    p_task_id      BIGINT UNSIGNED,
    OUT   p_workspace_id BIGINT UNSIGNED
)
    COMMENT '
Begin a change of a task: lock its workspace, then ask whether the actor may plan.

Parameters
  p_actor_id      as for _identify
  p_task_id       the task
  p_workspace_id  its workspace

Result
  none

Errors
  actor_not_allowed  as for _identify
  actor_required     as for _identify
  permission_denied  the role of the actor does not allow planning
  task_not_found     there is no such task for this actor
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    SELECT workspace.id
      INTO p_workspace_id
      FROM task
      JOIN workspace ON workspace.id = task.workspace_id
     WHERE task.id = p_task_id
       FOR UPDATE OF workspace;

    -- Only now: it may have been deleted while the lock was awaited.
    CALL _authorize(p_actor_id, p_workspace_id, p_task_id, 'plan');
    -- An interrupted call before this one may have left the other two behind.
    SET @headgate_actor_id = p_actor_id, @headgate_deriving = NULL, @headgate_new_after = NULL;
END
