CREATE PROCEDURE rotate_session (
    IN p_family_hash   CHAR(64),
    IN p_token_hash    CHAR(64),
    IN p_new_hash      CHAR(64),
    IN p_seconds       INT UNSIGNED,
    IN p_grace_seconds INT UNSIGNED,
    IN p_address       VARCHAR(45),
    IN p_user_agent    VARCHAR(255)
)
    COMMENT '
Exchange a refresh token for new tokens.

Only for the service. A refresh token is good once, and its successor replaces it. An
older one that comes again was copied: the session ends, for the thief and for the
user. An answer can get lost, though: for a few seconds the newest but one is answered
with the very same successor, which the service derives from it.

Parameters
  p_family_hash    SHA-256 of the half that all refresh tokens of the session share
  p_token_hash     SHA-256 of the refresh token
  p_new_hash       SHA-256 of its successor
  p_seconds        how long the session may rest from now on before it ends
  p_grace_seconds  how long the token before the newest is answered alike; 0: never
  p_address        address of the client
  p_user_agent     what the client calls itself

Result
  one row: session_id, user_id, workspace_id (the personal one), expires_at,
  is_repeated (the successor had been given out already)

Errors
  refresh_token_invalid  there is no such token, or its session has ended
  refresh_token_reused   it was used before; its session is ended now

Example
  CALL rotate_session(SHA2("family", 256), SHA2("token", 256), SHA2("new", 256), 3600, 10, "192.0.2.7", "curl/8.5");
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_session_id  BIGINT UNSIGNED;
    DECLARE v_user_id     BIGINT UNSIGNED;
    DECLARE v_is_newest   BOOLEAN;
    DECLARE v_is_repeated BOOLEAN;

    -- An open transaction of the caller (1568) is not ours to end.
    DECLARE EXIT HANDLER FOR 1568 RESIGNAL;
    DECLARE EXIT HANDLER FOR SQLEXCEPTION
    BEGIN
        ROLLBACK;
        RESIGNAL;
    END;

    SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
    START TRANSACTION;

    -- Of two at once the second reads what the first has written, which is later than its own time.
    SELECT id, user_id, token_hash <=> p_token_hash,
           COALESCE(p_grace_seconds, 0) > 0 AND previous_hash <=> p_token_hash AND token_hash <=> p_new_hash
           AND used_at > CURRENT_TIMESTAMP(6) - INTERVAL p_grace_seconds SECOND
      INTO v_session_id, v_user_id, v_is_newest, v_is_repeated
      FROM login_session
     WHERE family_hash = p_family_hash AND revoked_at IS NULL AND expires_at > CURRENT_TIMESTAMP(6)
       FOR UPDATE;

    IF v_session_id IS NULL THEN
        CALL raise_error('refresh_token_invalid', 'log in again', NULL);
    END IF;

    IF v_is_newest THEN
        UPDATE login_session
           SET previous_hash = token_hash, token_hash = p_new_hash, used_at = CURRENT_TIMESTAMP(6),
               expires_at = CURRENT_TIMESTAMP(6) + INTERVAL p_seconds SECOND, address = p_address, user_agent = p_user_agent
         WHERE id = v_session_id;
    ELSEIF NOT v_is_repeated THEN
        UPDATE login_session SET revoked_at = CURRENT_TIMESTAMP(6) WHERE id = v_session_id;
        CALL _log_security_event('refresh_token_reused', v_user_id, NULL, NULL, p_address, p_user_agent,
                                 JSON_OBJECT('session_id', v_session_id));
        -- The refusal must not undo the end of the session.
        COMMIT;
        CALL raise_error('refresh_token_reused', 'the session was ended; log in again', JSON_OBJECT('session_id', v_session_id));
    END IF;

    SELECT login_session.id AS session_id, login_session.user_id, workspace.id AS workspace_id, login_session.expires_at,
           v_is_repeated AND NOT v_is_newest AS is_repeated
      FROM login_session
      JOIN workspace ON workspace.personal_user_id = login_session.user_id
     WHERE login_session.id = v_session_id;

    COMMIT;
END
