CREATE PROCEDURE _end_sessions (
    IN p_user_id BIGINT UNSIGNED,
    IN p_kept_id BIGINT UNSIGNED
)
    COMMENT '
End the sessions of a user, but for one.

Parameters
  p_user_id  the user
  p_kept_id  the session that goes on, or NULL

Result
  one row: revoked, how many sessions were ended
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_revoked INT UNSIGNED;

    UPDATE login_session
       SET revoked_at = CURRENT_TIMESTAMP(6)
     WHERE user_id = p_user_id AND NOT id <=> p_kept_id AND revoked_at IS NULL AND expires_at > CURRENT_TIMESTAMP(6);

    SET v_revoked = ROW_COUNT();

    IF v_revoked > 0 THEN
        CALL _log_security_event('session_revoked', p_user_id, NULL, p_user_id, NULL, NULL, JSON_OBJECT('revoked', v_revoked));
    END IF;

    SELECT v_revoked AS revoked;
END
