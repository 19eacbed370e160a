CREATE PROCEDURE create_session (
    IN p_user_id       BIGINT UNSIGNED,
    IN p_password_hash VARCHAR(72),
    IN p_family_hash   CHAR(64),
    IN p_token_hash    CHAR(64),
    IN p_seconds       INT UNSIGNED,
    IN p_address       VARCHAR(45),
    IN p_user_agent    VARCHAR(255)
)
    COMMENT '
Begin a session for somebody whose password was right.

Only for the service.

Parameters
  p_user_id        the user
  p_password_hash  the hash that the password was compared with, as get_credentials gave it
  p_family_hash    SHA-256 of the half that all refresh tokens of the session will share
  p_token_hash     SHA-256 of the first refresh token
  p_seconds        how long it may rest before it ends
  p_address        address of the client
  p_user_agent     what the client calls itself

Result
  one row: session_id, user_id, expires_at

Errors
  invalid_credentials  the password was changed meanwhile, or there is no such user

Example
  CALL create_session(7, "$2b$12$...", SHA2("family", 256), SHA2("token", 256), 3600, "192.0.2.7", "curl/8.5");
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_password_hash VARCHAR(72);
    DECLARE v_session_id    BIGINT UNSIGNED;

    -- An open transaction of the caller (1568) is not ours to end.
    DECLARE EXIT HANDLER FOR 1568 RESIGNAL;
    DECLARE EXIT HANDLER FOR SQLEXCEPTION
    BEGIN
        ROLLBACK;
        RESIGNAL;
    END;

    SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
    START TRANSACTION;

    -- Whoever changes a password ends the sessions that it opened; one that is only
    -- just being opened must not slip through.
    SELECT password_hash INTO v_password_hash FROM app_user WHERE id = p_user_id FOR UPDATE;

    IF NOT BINARY v_password_hash <=> BINARY p_password_hash OR v_password_hash IS NULL THEN
        CALL raise_error('invalid_credentials', 'the password has just been changed', NULL);
    END IF;

    -- What ended long ago is of no use to anybody.
    DELETE FROM login_session WHERE user_id = p_user_id AND expires_at < CURRENT_TIMESTAMP(6) - INTERVAL 30 DAY;

    INSERT INTO login_session (user_id, family_hash, token_hash, expires_at, address, user_agent)
    VALUES (p_user_id, p_family_hash, p_token_hash, CURRENT_TIMESTAMP(6) + INTERVAL p_seconds SECOND, p_address, p_user_agent);
    SET v_session_id = LAST_INSERT_ID();

    CALL _log_security_event('login_succeeded', p_user_id, NULL, p_user_id, p_address, p_user_agent,
                             JSON_OBJECT('session_id', v_session_id));

    SELECT id AS session_id, user_id, expires_at FROM login_session WHERE id = v_session_id;

    COMMIT;
END
