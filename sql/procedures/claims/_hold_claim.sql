CREATE PROCEDURE _hold_claim (
    INOUT p_actor_id     BIGINT UNSIGNED,
    IN    p_task_id      BIGINT UNSIGNED,
    IN    p_fence        BIGINT UNSIGNED,
    OUT   p_workspace_id BIGINT UNSIGNED
)
    COMMENT '
Begin what the holder of a claim does with it: lock the workspace, and see that it is still held.

By the number, not by the clock: an expired lease that nobody has taken away is
still held.

Parameters
  p_actor_id      as for _identify
  p_task_id       the task
  p_fence         claim.fence, as claim_next_task gave it
  p_workspace_id  the workspace of the task

Result
  none

Errors
  actor_not_allowed  as for _identify
  actor_required     as for _identify
  permission_denied  the role of the actor does not allow planning
  task_not_found     there is no such task for this actor
  claim_lost         the actor does not hold the task under this number
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    CALL _lock_task(p_actor_id, p_task_id, p_workspace_id);

    IF NOT EXISTS (SELECT 1 FROM claim WHERE task_id = p_task_id AND fence = p_fence AND user_id = p_actor_id) THEN
        CALL raise_error('claim_lost', CONCAT('task ', p_task_id, ' is not held under ', COALESCE(p_fence, 'NULL'), ' any more'),
                         JSON_OBJECT('task_id', p_task_id, 'fence', p_fence));
    END IF;
END
