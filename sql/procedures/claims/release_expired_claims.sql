CREATE PROCEDURE release_expired_claims (
    IN p_actor_id     BIGINT UNSIGNED,
    IN p_workspace_id BIGINT UNSIGNED
)
    COMMENT '
Put back every task whose lease has expired.

claim_next_task does the same first, as far as it matters to it; so this is for
lists that should not show such tasks as being worked on. A task that is put back
is pending, and assigned as it was before the claim; to nobody if that user has
left the workspace since.

Parameters
  p_actor_id      the user who asks; NULL for the one that the SQL login is bound to
  p_workspace_id  the workspace; NULL for the personal one of the actor

Result
  one row: workspace_id, released (how many tasks), revision

Errors
  actor_not_allowed    the login may not ask for that user
  actor_required       the login may ask for any user and named none
  permission_denied    the role of the actor does not allow planning
  workspace_not_found  there is no such workspace for the actor

Example
  CALL release_expired_claims(NULL, NULL);
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_some INT UNSIGNED;
    DECLARE v_all  INT UNSIGNED DEFAULT 0;

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

    CALL _lock_workspace(p_actor_id, p_workspace_id, 'plan');

    REPEAT
        CALL _release_expired(p_workspace_id, NULL, NULL, 1000, v_some);
        SET v_all = v_all + v_some;
    UNTIL v_some < 1000 END REPEAT;

    SELECT p_workspace_id AS workspace_id, v_all AS released, _revision(p_workspace_id) AS revision;

    COMMIT;
    SET @headgate_actor_id = NULL;
END
