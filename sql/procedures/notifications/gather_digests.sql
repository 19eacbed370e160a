CREATE PROCEDURE gather_digests (
    IN p_limit INT UNSIGNED
)
    COMMENT '
Put what users want to be mailed together into a mail for each, in their morning.

Only for the service: its workers call it, as many at once as they like. A morning begins
at seven in the time zone of the user, and has one mail, of all that was told before it;
what comes later waits for the next.

Parameters
  p_limit  how many users at most

Result
  one row: gathered, how many users were looked at

Example
  CALL gather_digests(500);
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_batch    CHAR(36) DEFAULT UUID();
    DECLARE v_now      DATETIME DEFAULT UTC_TIMESTAMP();
    DECLARE v_users    JSON;
    DECLARE v_gathered JSON;

    -- An open transaction of the caller (1568) is not ours to end.
    DECLARE EXIT HANDLER FOR 1568 RESIGNAL;
    DECLARE EXIT HANDLER FOR SQLEXCEPTION
    BEGIN
        ROLLBACK;
        RESIGNAL;
    END;

    SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
    START TRANSACTION;

    -- By a read without locks: the unique key of mail decides which worker makes the mail.
    WITH place AS (
        SELECT app_user.id AS user_id, app_user.time_zone, DATE(CONVERT_TZ(v_now, '+00:00', app_user.time_zone)) AS day
          FROM (SELECT DISTINCT user_id FROM notification WHERE mail = 'digest' AND mail_id IS NULL) AS waiting
          JOIN app_user ON app_user.id = waiting.user_id
         WHERE app_user.email_verified_at IS NOT NULL
    ),
    morning AS (
        SELECT user_id, day, CONVERT_TZ(TIMESTAMP(day, '07:00:00'), time_zone, '+00:00') AS begins_at
          FROM place
    )
    SELECT COALESCE(JSON_ARRAYAGG(JSON_OBJECT('user_id', user_id, 'day', day, 'begins_at', begins_at)), JSON_ARRAY())
      INTO v_users
      FROM (SELECT morning.user_id, morning.day, morning.begins_at
              FROM morning
              LEFT JOIN mail ON mail.user_id = morning.user_id AND mail.purpose = 'digest' AND mail.day = morning.day
             WHERE morning.begins_at <= v_now AND mail.id IS NULL
               AND EXISTS (SELECT 1
                             FROM notification
                            WHERE notification.mail = 'digest' AND notification.mail_id IS NULL
                              AND notification.user_id = morning.user_id AND notification.created_at < morning.begins_at)
             LIMIT p_limit) AS awake;

    INSERT INTO mail (user_id, purpose, day, batch)
    SELECT user_id, 'digest', day, v_batch
      FROM JSON_TABLE(v_users, '$[*]' COLUMNS (
               user_id BIGINT UNSIGNED PATH '$.user_id',
               day     DATE            PATH '$.day')) AS awake
     ORDER BY user_id
        ON DUPLICATE KEY UPDATE id = mail.id;

    -- Read by itself: an UPDATE would lock rows of mail, also those of others.
    SELECT JSON_ARRAYAGG(JSON_ARRAY(notification.id, mail.id))
      INTO v_gathered
      FROM JSON_TABLE(v_users, '$[*]' COLUMNS (
               user_id   BIGINT UNSIGNED PATH '$.user_id',
               begins_at DATETIME        PATH '$.begins_at')) AS awake
      JOIN mail ON mail.batch = v_batch AND mail.user_id = awake.user_id
      JOIN notification
        ON notification.mail = 'digest' AND notification.mail_id IS NULL AND notification.user_id = awake.user_id
     WHERE notification.created_at < awake.begins_at;

    UPDATE /*+ JOIN_FIXED_ORDER() */ JSON_TABLE(v_gathered, '$[*]' COLUMNS (
               id      BIGINT UNSIGNED PATH '$[0]',
               mail_id BIGINT UNSIGNED PATH '$[1]')) AS gathered
      JOIN notification ON notification.id = gathered.id
       SET notification.mail_id = gathered.mail_id;

    SELECT JSON_LENGTH(v_users) AS gathered;

    COMMIT;
END
