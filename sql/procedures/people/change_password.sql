CREATE PROCEDURE change_password (
    IN p_actor_id   BIGINT UNSIGNED,
    IN p_old_hash   VARCHAR(72),
    IN p_new_hash   VARCHAR(72),
    IN p_session_id BIGINT UNSIGNED
)
    COMMENT '
Give the actor a new password, and end all other sessions.

Only for the service, which has compared the old password.

Parameters
  p_actor_id    the user who asks
  p_old_hash    the hash that the old password was compared with, as get_credentials gave it
  p_new_hash    the bcrypt hash of the new password
  p_session_id  the session that goes on, or NULL

Result
  one row: revoked, how many sessions were ended

Errors
  actor_not_allowed    the login may not ask for that user
  actor_required       the login may ask for any user and named none
  invalid_credentials  the password was changed meanwhile, or there is no such user

Example
  CALL change_password(7, "$2b$12$...", "$2b$12$...", 12);
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

    UPDATE app_user SET password_hash = p_new_hash WHERE id = p_actor_id AND BINARY password_hash = BINARY p_old_hash;

    -- A new hash has a new salt, so a row that was found was changed.
    IF ROW_COUNT() = 0 THEN
        CALL raise_error('invalid_credentials', 'the password has just been changed', NULL);
    END IF;

    CALL _log_security_event('password_changed', p_actor_id, NULL, p_actor_id, NULL, NULL, NULL);
    CALL _end_sessions(p_actor_id, p_session_id);

    COMMIT;
END
