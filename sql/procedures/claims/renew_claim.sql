CREATE PROCEDURE renew_claim (
    IN p_actor_id      BIGINT UNSIGNED,
    IN p_task_id       BIGINT UNSIGNED,
    IN p_fence         BIGINT UNSIGNED,
    IN p_lease_seconds INT
)
    COMMENT '
Let the lease of a claim begin anew, from now.

Parameters
  p_actor_id       the user who asks; NULL for the one that the SQL login is bound to
  p_task_id        the task
  p_fence          the number that claim_next_task gave with the task
  p_lease_seconds  how long the claim is good from now on, up to a day

Result
  one row: task_id, workspace_id, user_id, fence, claimed_at, lease_expires_at. The
  workspace keeps its revision: a lease is no change of a task

Errors
  actor_not_allowed  the login may not ask for that user
  actor_required     the login may ask for any user and named none
  permission_denied  the role of the actor does not allow planning
  task_not_found     there is no such task for the actor
  claim_lost         the actor does not hold the task under this fence: the lease expired and
                     the task was put back, or somebody ended or reassigned the work
  invalid_request    the lease is not of such a length

Example
  CALL renew_claim(NULL, 7, 42, 600);
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

    CALL _check_lease(p_lease_seconds);
    CALL _hold_claim(p_actor_id, p_task_id, p_fence, v_workspace_id);

    UPDATE claim SET lease_expires_at = CURRENT_TIMESTAMP(6) + INTERVAL p_lease_seconds SECOND WHERE task_id = p_task_id;

    SELECT task_id, workspace_id, user_id, fence, claimed_at, lease_expires_at FROM claim WHERE task_id = p_task_id;

    COMMIT;
    SET @headgate_actor_id = NULL;
END
