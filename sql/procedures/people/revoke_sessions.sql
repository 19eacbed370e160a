CREATE PROCEDURE revoke_sessions (
    IN p_actor_id BIGINT UNSIGNED
)
    COMMENT '
End all sessions of the actor: log out everywhere.

Parameters
  p_actor_id  the user who asks; NULL for the one that the SQL login is bound to

Result
  one row: revoked, how many sessions were ended

Errors
  actor_not_allowed  the login may not ask for that user
  actor_required     the login may ask for any user and named none

Example
  CALL revoke_sessions(NULL);
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    -- An open transaction of the caller (1568) is not ours to end.
    DECLARE EXIT HANDLER FOR 1568 RESIGNAL;
    DECLARE EXIT HANDLER FOR SQLEXCEPTION
    BEGIN
        ROLLBACK;
        RESIGNAL;
    END;

    SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
    START TRANSACTION;

    CALL _identify(p_actor_id);
    CALL _end_sessions(p_actor_id, NULL);

    COMMIT;
END
