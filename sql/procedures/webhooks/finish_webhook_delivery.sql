CREATE PROCEDURE finish_webhook_delivery (
    IN p_webhook_id   BIGINT UNSIGNED,
    IN p_delivery_id  BIGINT UNSIGNED,
    IN p_leased_until TIMESTAMP(6),
    IN p_status_code  SMALLINT UNSIGNED,
    IN p_error        VARCHAR(32),
    IN p_answer       VARCHAR(500),
    IN p_milliseconds INT UNSIGNED,
    IN p_retry_ms     INT UNSIGNED,
    IN p_rest_ms      INT UNSIGNED
)
    COMMENT '
Write down what came of an attempt to deliver a message.

Only for the service. A message that failed is sent again later, until it has no tries
left; then it is dead. A webhook that has failed for five days is turned off.

Parameters
  p_webhook_id    the webhook
  p_delivery_id   the message
  p_leased_until  as claim_webhook_deliveries said
  p_status_code   what was answered; NULL: nothing was
  p_error         why it failed; NULL: it was delivered
  p_answer        the beginning of the answer
  p_milliseconds  how long it took
  p_retry_ms      after how long it is sent again if it failed
  p_rest_ms       with the last message of a claim: how long the webhook is left alone
                  then; NULL: more of the claim follow

Result
  one row: state (of the message), is_enabled (of the webhook); no row if it is gone

Example
  CALL finish_webhook_delivery(5, 11, "2030-01-01", 500, "status", "sorry", 12, 5000, 5000);
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_webhook_id BIGINT UNSIGNED;
    DECLARE v_state      VARCHAR(16);
    DECLARE v_enabled    BOOLEAN;

    -- An open transaction of the caller (1568) is not ours to end.
    DECLARE EXIT HANDLER FOR 1568 RESIGNAL;
    DECLARE EXIT HANDLER FOR SQLEXCEPTION
    BEGIN
        ROLLBACK;
        RESIGNAL;
    END;

    SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
    START TRANSACTION;

    -- Locked before its messages, by everybody.
    SELECT id, is_enabled INTO v_webhook_id, v_enabled FROM webhook WHERE id = p_webhook_id FOR UPDATE;
    SELECT state INTO v_state FROM webhook_delivery WHERE id = p_delivery_id AND webhook_id = v_webhook_id FOR UPDATE;

    IF v_state IS NOT NULL THEN
        -- Who comes too late, after another worker, only adds to the log.
        UPDATE webhook_delivery
           SET attempts    = attempts + 1,
               tries_left  = tries_left - (v_state = 'waiting' AND p_error IS NOT NULL),
               state       = CASE
                                 WHEN v_state <> 'waiting' THEN v_state
                                 WHEN p_error IS NULL THEN 'delivered'
                                 WHEN tries_left = 0 THEN 'dead'
                                 ELSE 'waiting'
                             END,
               finished_at = IF(v_state = 'waiting' AND state <> 'waiting', CURRENT_TIMESTAMP(6), finished_at),
               due_at      = IF(state = 'waiting', CURRENT_TIMESTAMP(6) + INTERVAL p_retry_ms * 1000 MICROSECOND, NULL)
         WHERE id = p_delivery_id;

        INSERT INTO webhook_attempt (delivery_id, attempt, milliseconds, status_code, error, answer)
        SELECT id, attempts, p_milliseconds, p_status_code, p_error, p_answer FROM webhook_delivery WHERE id = p_delivery_id;

        UPDATE webhook
           SET failures      = IF(p_error IS NULL, 0, failures + 1),
               failing_since = IF(p_error IS NULL, NULL, COALESCE(failing_since, CURRENT_TIMESTAMP(6))),
               is_enabled    = is_enabled AND NOT COALESCE(failing_since < CURRENT_TIMESTAMP(6) - INTERVAL 5 DAY, FALSE),
               wanted_at     = (SELECT MIN(due_at) FROM webhook_delivery WHERE webhook_id = p_webhook_id),
               not_before    = IF(not_before = p_leased_until AND p_rest_ms IS NOT NULL,
                                  CURRENT_TIMESTAMP(6) + INTERVAL p_rest_ms * 1000 MICROSECOND, not_before)
         WHERE id = p_webhook_id;

        IF v_enabled AND NOT (SELECT is_enabled FROM webhook WHERE id = p_webhook_id) THEN
            CALL _log_security_event('webhook_disabled', NULL, (SELECT workspace_id FROM webhook WHERE id = p_webhook_id),
                                     NULL, NULL, NULL, JSON_OBJECT('webhook_id', p_webhook_id));
        END IF;

        SELECT delivery.state, webhook.is_enabled
          FROM webhook_delivery AS delivery
          JOIN webhook ON webhook.id = delivery.webhook_id
         WHERE delivery.id = p_delivery_id;
    END IF;

    COMMIT;
END
