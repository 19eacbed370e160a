CREATE PROCEDURE remove_old_rows (
    IN p_limit INT UNSIGNED
)
    COMMENT '
Remove rows that nobody asks for any more.

Only for the service: its worker does this. These are answers of calls with an
idempotency key, after a day; messages to webhooks, a week after they were delivered or
a month after they were given up; what entered or left a saved search, after a week;
notifications after a year, read or not, and mails a month after they were sent or given
up. What a search found is forgotten when it was not followed for a month.

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
    DECLARE v_events   JSON;
    DECLARE v_watches  JSON;
    DECLARE v_told     INT UNSIGNED;

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

    -- First that they are gone, for whose follower comes from before them; the older have the lower places.
    SELECT JSON_ARRAYAGG(JSON_ARRAY(search_id, user_id, place))
      INTO v_events
      FROM (SELECT search_id, user_id, place
              FROM search_event
             WHERE noticed_at < CURRENT_TIMESTAMP(6) - INTERVAL 7 DAY
             ORDER BY noticed_at
             LIMIT p_limit) AS old;

    UPDATE search_watch
      JOIN (SELECT search_id, user_id, MAX(place) AS place
              FROM JSON_TABLE(v_events, '$[*]' COLUMNS (
                       search_id BIGINT UNSIGNED PATH '$[0]',
                       user_id   BIGINT UNSIGNED PATH '$[1]',
                       place     BIGINT UNSIGNED PATH '$[2]')) AS old
             GROUP BY search_id, user_id) AS old USING (search_id, user_id)
       SET search_watch.gone = old.place
     WHERE search_watch.gone < old.place;

    DELETE /*+ JOIN_FIXED_ORDER() */ search_event
      FROM JSON_TABLE(v_events, '$[*]' COLUMNS (
               search_id BIGINT UNSIGNED PATH '$[0]',
               user_id   BIGINT UNSIGNED PATH '$[1]',
               place     BIGINT UNSIGNED PATH '$[2]')) AS old
      JOIN search_event USING (search_id, user_id, place);

    -- One place more, up to which nothing is kept: so whoever comes back is told to begin anew.
    -- Who comes back just now has locked it, and it is kept.
    SELECT JSON_ARRAYAGG(JSON_ARRAY(search_id, user_id, place + 1))
      INTO v_watches
      FROM (SELECT search_id, user_id, place
              FROM search_watch
             WHERE looked_at < CURRENT_TIMESTAMP(6) - INTERVAL 30 DAY
             LIMIT 10
               FOR UPDATE SKIP LOCKED) AS old;

    UPDATE search_watch
      JOIN JSON_TABLE(v_watches, '$[*]' COLUMNS (
               search_id BIGINT UNSIGNED PATH '$[0]',
               user_id   BIGINT UNSIGNED PATH '$[1]',
               place     BIGINT UNSIGNED PATH '$[2]')) AS old USING (search_id, user_id)
       SET search_watch.place = old.place, search_watch.gone = old.place, search_watch.looked_at = NULL;

    DELETE /*+ JOIN_FIXED_ORDER() */ search_member
      FROM JSON_TABLE(v_watches, '$[*]' COLUMNS (
               search_id BIGINT UNSIGNED PATH '$[0]',
               user_id   BIGINT UNSIGNED PATH '$[1]')) AS old
      JOIN search_member USING (search_id, user_id);

    CALL _remove_old_notifications(p_limit, v_told);

    SELECT COALESCE(JSON_LENGTH(v_old), 0) + COALESCE(JSON_LENGTH(v_messages), 0) + COALESCE(JSON_LENGTH(v_events), 0)
           + v_told AS removed;

    COMMIT;
END
