CREATE PROCEDURE remove_old_rows (
    IN p_limit INT UNSIGNED
)
    COMMENT '
Remove rows that nobody asks for any more.

Only for the service: its worker does this. These are answers of calls with an
idempotency key, after a day; and messages to webhooks, a week after they were delivered
or a month after they were given up.

Parameters
  p_limit  how many of each at most

Result
  one row: removed (how many; if no fewer than the limit, there may be more)

Example
  CALL remove_old_rows(1000);
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_old      JSON;
    DECLARE v_messages JSON;

    -- An open transaction of the caller (1568) is not ours to end.
    DECLARE EXIT HANDLER FOR 1568 RESIGNAL;
    DECLARE EXIT HANDLER FOR SQLEXCEPTION
    BEGIN
        ROLLBACK;
        RESIGNAL;
    END;

    SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
    START TRANSACTION;

    -- Found by a read without locks and removed by their keys, so that no row is waited
    -- for that somebody is just writing.
    SELECT JSON_ARRAYAGG(JSON_ARRAY(actor_id, idempotency_key))
      INTO v_old
      FROM (SELECT actor_id, idempotency_key
              FROM idempotent_answer
             WHERE created_at < CURRENT_TIMESTAMP(6) - INTERVAL 1 DAY
             LIMIT p_limit) AS old;

    DELETE /*+ JOIN_FIXED_ORDER() */ idempotent_answer
      FROM JSON_TABLE(v_old, '$[*]' COLUMNS (
               actor_id        BIGINT UNSIGNED PATH '$[0]',
               idempotency_key VARCHAR(128)    PATH '$[1]')) AS old
      JOIN idempotent_answer USING (actor_id, idempotency_key);

    SELECT JSON_ARRAYAGG(id)
      INTO v_messages
      FROM (SELECT id
              FROM webhook_delivery
             WHERE finished_at < CURRENT_TIMESTAMP(6) - INTERVAL 7 DAY
               AND (state = 'delivered' OR finished_at < CURRENT_TIMESTAMP(6) - INTERVAL 30 DAY)
             LIMIT p_limit) AS old;

    DELETE /*+ JOIN_FIXED_ORDER() */ webhook_attempt
      FROM JSON_TABLE(v_messages, '$[*]' COLUMNS (id BIGINT UNSIGNED PATH '$')) AS old
      JOIN webhook_attempt ON webhook_attempt.delivery_id = old.id;
    DELETE /*+ JOIN_FIXED_ORDER() */ webhook_delivery
      FROM JSON_TABLE(v_messages, '$[*]' COLUMNS (id BIGINT UNSIGNED PATH '$')) AS old
      JOIN webhook_delivery ON webhook_delivery.id = old.id;

    SELECT COALESCE(JSON_LENGTH(v_old), 0) + COALESCE(JSON_LENGTH(v_messages), 0) AS removed;

    COMMIT;
END
