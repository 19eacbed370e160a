CREATE PROCEDURE complete_claim (
    IN p_actor_id BIGINT UNSIGNED,
    IN p_task_id  BIGINT UNSIGNED,
    IN p_fence    BIGINT UNSIGNED
)
    COMMENT '
Complete a claimed task, if the claim is still held. The claim ends.

Parameters
  p_actor_id  the user who asks; NULL for the one that the SQL login is bound to
  p_task_id   the task
  p_fence     the number that claim_next_task gave with the task

Result
  one task row, as get_task gives it

Errors
  actor_not_allowed  the login may not ask for that user
  actor_required     the login may ask for any user and named none
  permission_denied  the role of the actor does not allow planning
  task_not_found     there is no such task for the actor
  claim_lost         the actor does not hold the task under this fence: the lease expired and
                     the task was put back, or somebody ended or reassigned the work
  task_blocked       meanwhile the task was made to wait for open tasks; the facts name up
                     to 20, and the claim is still held

Example
  CALL complete_claim(NULL, 7, 42);
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_workspace_id BIGINT UNSIGNED;

    -- An open transaction of the caller (1568) is not ours to end.
    DECLARE EXIT HANDLER FOR 1568 RESIGNAL;
    DECLARE EXIT HANDLER FOR SQLEXCEPTION
    BEGIN
        ROLLBACK;
        SET @headgate_actor_id = NULL, @headgate_deriving = NULL;
        RESIGNAL;
    END;

    SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
    START TRANSACTION;

    CALL _hold_claim(p_actor_id, p_task_id, p_fence, v_workspace_id);

    UPDATE task SET status = 'completed' WHERE id = p_task_id;

    CALL _show_task(v_workspace_id, p_task_id);

    COMMIT;
    SET @headgate_actor_id = NULL;
END
