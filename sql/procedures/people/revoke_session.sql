CREATE PROCEDURE revoke_session (
    IN p_actor_id   BIGINT UNSIGNED,
    IN p_session_id BIGINT UNSIGNED
)
    COMMENT '
End one of the sessions of the actor.

Its refresh token is good for nothing at once, its access token within a second.

Parameters
  p_actor_id    the user who asks; NULL for the one that the SQL login is bound to
  p_session_id  the session, of list_sessions

Result
  one row: revoked, how many sessions were ended (1)

Errors
  actor_not_allowed  the login may not ask for that user
  actor_required     the login may ask for any user and named none
  session_not_found  the actor has no such session, or it has ended

Example
  CALL revoke_session(NULL, 12);
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

    UPDATE login_session
       SET revoked_at = CURRENT_TIMESTAMP(6)
     WHERE id = p_session_id AND user_id = p_actor_id AND revoked_at IS NULL AND expires_at > CURRENT_TIMESTAMP(6);

    IF ROW_COUNT() = 0 THEN
        CALL raise_error('session_not_found', CONCAT('no session ', COALESCE(p_session_id, 'NULL')),
                         JSON_OBJECT('session_id', p_session_id));
    END IF;

    CALL _log_security_event('session_revoked', p_actor_id, NULL, p_actor_id, NULL, NULL,
                             JSON_OBJECT('session_id', p_session_id));

    SELECT 1 AS revoked;

    COMMIT;
END
