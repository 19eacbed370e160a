CREATE PROCEDURE release_abandoned_claims (
    IN p_seconds INT UNSIGNED
)
    COMMENT '
Put back the tasks of a workspace in which a lease has been over for long.

Only for the service: its worker does this, so that nobody is shown as working who is
not. Whoever claims next does it sooner, by claim_next_task. In one workspace at a time,
since its row is locked; the worker calls again as long as there was one.

Parameters
  p_seconds  how long a lease must have been over; then all of the workspace that are
             over are put back

Result
  one row: workspace_id, released (how many tasks), revision; no row if there is none

Example
  CALL release_abandoned_claims(60);
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_workspace_id BIGINT UNSIGNED;
    DECLARE v_some         INT UNSIGNED;
    DECLARE v_all          INT UNSIGNED DEFAULT 0;

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

    -- All claims are read: there are as many as people and machines at work.
    SELECT workspace_id
      INTO v_workspace_id
      FROM claim
     WHERE lease_expires_at <= CURRENT_TIMESTAMP(6) - INTERVAL p_seconds SECOND
     LIMIT 1;

    IF v_workspace_id IS NOT NULL THEN
        SELECT id INTO v_workspace_id FROM workspace WHERE id = v_workspace_id FOR UPDATE;
        SET @headgate_actor_id = NULL, @headgate_deriving = NULL, @headgate_new_after = NULL;

        REPEAT
            CALL _release_expired(v_workspace_id, NULL, NULL, 1000, v_some);
            SET v_all = v_all + v_some;
        UNTIL v_some < 1000 END REPEAT;

        SELECT v_workspace_id AS workspace_id, v_all AS released, _revision(v_workspace_id) AS revision;
    END IF;

    COMMIT;
END
