CREATE PROCEDURE remove_old_rows (
    IN p_limit INT UNSIGNED
)
    COMMENT '
Remove rows that nobody asks for any more.

Only for the service: its worker does this. These are answers of calls with an
idempotency key, after a day.

Parameters
  p_limit  how many at most

Result
  one row: removed (how many; if as many as the limit, there may be more)

Example
  CALL remove_old_rows(1000);
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_old JSON;

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

    SELECT COALESCE(JSON_LENGTH(v_old), 0) AS removed;

    COMMIT;
END
