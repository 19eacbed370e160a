CREATE PROCEDURE use_api_key (
    IN p_key_hash   CHAR(64),
    IN p_address    VARCHAR(45),
    IN p_user_agent VARCHAR(255)
)
    COMMENT '
Find out who acts with a key, and note that it was used.

Only for the service.

Parameters
  p_key_hash    SHA-256 of the whole key
  p_address     address of the client
  p_user_agent  what the client calls itself

Result
  one row: api_key_id, user_id, workspace_id

Errors
  unauthenticated  there is no such key, it has expired, or it was revoked

Example
  CALL use_api_key(SHA2("key", 256), "192.0.2.7", "curl/8.5");
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_api_key_id   BIGINT UNSIGNED;
    DECLARE v_user_id      BIGINT UNSIGNED;
    DECLARE v_workspace_id BIGINT UNSIGNED;
    DECLARE v_created_by   BIGINT UNSIGNED;
    DECLARE v_name         VARCHAR(120);
    DECLARE v_is_noted     BOOLEAN;

    SELECT api_key.id, api_key.user_id, api_key.workspace_id, api_key.created_by, api_key.name,
           COALESCE(known.used_at > CURRENT_TIMESTAMP(6) - INTERVAL 1 MINUTE, FALSE)
      INTO v_api_key_id, v_user_id, v_workspace_id, v_created_by, v_name, v_is_noted
      FROM api_key
      JOIN membership ON membership.workspace_id = api_key.workspace_id AND membership.user_id = api_key.user_id
      LEFT JOIN api_key_address AS known ON known.api_key_id = api_key.id AND known.address = p_address
     WHERE api_key.key_hash = p_key_hash AND api_key.revoked_at IS NULL
       AND (api_key.expires_at IS NULL OR api_key.expires_at > CURRENT_TIMESTAMP(6));

    IF v_api_key_id IS NULL THEN
        CALL raise_error('unauthenticated', 'the API key is not valid', NULL);
    END IF;

    IF NOT v_is_noted THEN
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

        UPDATE api_key SET used_at = CURRENT_TIMESTAMP(6) WHERE id = v_api_key_id;

        INSERT INTO api_key_address (api_key_id, address) VALUES (v_api_key_id, COALESCE(p_address, ''))
            ON DUPLICATE KEY UPDATE used_at = CURRENT_TIMESTAMP(6);

        -- 1: the row is new; 2: it was there.
        IF ROW_COUNT() = 1 THEN
            CALL _log_security_event('api_key_used_elsewhere', v_created_by, v_workspace_id, v_user_id, p_address, p_user_agent,
                                     JSON_OBJECT('api_key_id', v_api_key_id, 'name', v_name));
        END IF;

        COMMIT;
    END;
    END IF;

    SELECT v_api_key_id AS api_key_id, v_user_id AS user_id, v_workspace_id AS workspace_id;
END
