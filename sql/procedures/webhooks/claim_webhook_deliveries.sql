CREATE PROCEDURE claim_webhook_deliveries (
    IN p_limit         INT UNSIGNED,
    IN p_lease_seconds INT UNSIGNED
)
    COMMENT '
Take the next messages of the webhook that waits longest.

Only for the service: its workers send them, in this order, and tell of each by
finish_webhook_delivery. As long as the lease lasts no other worker has the webhook; if
the worker dies, another takes the same messages up after it. A webhook that failed last
is tried with one message.

Parameters
  p_limit          how many at most
  p_lease_seconds  how long nobody else has the webhook

Result
  rows: webhook_id, workspace_id, url, secret and old_secret (encrypted; the old one may be
  NULL), failures (in a row), leased_until, delivery_id, message_id, kind, attempts (so
  far), body; no row if nothing is due

Example
  CALL claim_webhook_deliveries(20, 60);
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_webhook_id BIGINT UNSIGNED;
    DECLARE v_failures   INT UNSIGNED;
    DECLARE v_until      TIMESTAMP(6) DEFAULT CURRENT_TIMESTAMP(6) + INTERVAL p_lease_seconds SECOND;

    -- An open transaction of the caller (1568) is not ours to end.
    DECLARE EXIT HANDLER FOR 1568 RESIGNAL;
    DECLARE EXIT HANDLER FOR SQLEXCEPTION
    BEGIN
        ROLLBACK;
        RESIGNAL;
    END;

    SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
    START TRANSACTION;

    -- The linter, which is silenced here, does not know it after LIMIT.
    SELECT id, failures
      INTO v_webhook_id, v_failures
      FROM webhook
     WHERE wanted_at <= CURRENT_TIMESTAMP(6) AND is_enabled AND (not_before IS NULL OR not_before <= CURRENT_TIMESTAMP(6))
     ORDER BY wanted_at
     LIMIT 1
       FOR UPDATE SKIP LOCKED;  -- noqa: PRS

    IF v_webhook_id IS NOT NULL THEN
        UPDATE webhook SET not_before = v_until WHERE id = v_webhook_id;
        SET p_limit = IF(v_failures > 0, 1, p_limit);

        SELECT webhook.id AS webhook_id, webhook.workspace_id, webhook.url, webhook.secret,
               IF(webhook.old_secret_until > CURRENT_TIMESTAMP(6), webhook.old_secret, NULL) AS old_secret,
               webhook.failures, webhook.not_before AS leased_until, delivery.id AS delivery_id, delivery.message_id,
               delivery.kind, delivery.attempts, delivery.body
          FROM webhook
          JOIN webhook_delivery AS delivery ON delivery.webhook_id = webhook.id AND delivery.due_at <= CURRENT_TIMESTAMP(6)
         WHERE webhook.id = v_webhook_id
         ORDER BY delivery.due_at, delivery.id
         LIMIT p_limit;
    END IF;

    COMMIT;
END
