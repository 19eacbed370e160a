CREATE PROCEDURE gather_mail (
    IN p_limit INT UNSIGNED
)
    COMMENT '
Put what users want to be mailed at once into a mail for each.

Only for the service: its workers call it, as many at once as they like. What one of
them is just gathering is left to it, so nothing is in two mails. What has waited for
more than a day is not mailed, so that nobody is flooded once mail is turned on.

Parameters
  p_limit  how many notifications at most

Result
  one row: gathered, how many notifications were looked at

Example
  CALL gather_mail(1000);
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_batch CHAR(36) DEFAULT UUID();
    DECLARE v_ids   JSON;

    -- An open transaction of the caller (1568) is not ours to end.
    DECLARE EXIT HANDLER FOR 1568 RESIGNAL;
    DECLARE EXIT HANDLER FOR SQLEXCEPTION
    BEGIN
        ROLLBACK;
        RESIGNAL;
    END;

    SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
    START TRANSACTION;

    SELECT COALESCE(JSON_ARRAYAGG(id), JSON_ARRAY())
      INTO v_ids
      FROM (SELECT id
              FROM notification
             WHERE mail = 'at_once' AND mail_id IS NULL
             LIMIT p_limit
               FOR UPDATE SKIP LOCKED) AS waiting;

    INSERT INTO mail (user_id, purpose, batch)
    SELECT DISTINCT notification.user_id, 'at_once', v_batch
      FROM JSON_TABLE(v_ids, '$[*]' COLUMNS (id BIGINT UNSIGNED PATH '$')) AS waiting
      JOIN notification ON notification.id = waiting.id
      JOIN app_user ON app_user.id = notification.user_id
     WHERE app_user.email_verified_at IS NOT NULL AND notification.created_at > NOW(6) - INTERVAL 1 DAY;

    -- Read by itself: an UPDATE would lock rows of mail, also those of others.
    SELECT COALESCE(JSON_ARRAYAGG(JSON_ARRAY(notification.id, mail.id)), JSON_ARRAY())
      INTO v_ids
      FROM JSON_TABLE(v_ids, '$[*]' COLUMNS (id BIGINT UNSIGNED PATH '$')) AS waiting
      JOIN notification ON notification.id = waiting.id
      LEFT JOIN mail ON mail.batch = v_batch AND mail.user_id = notification.user_id;

    UPDATE /*+ JOIN_FIXED_ORDER() */ JSON_TABLE(v_ids, '$[*]' COLUMNS (
               id      BIGINT UNSIGNED PATH '$[0]',
               mail_id BIGINT UNSIGNED PATH '$[1]')) AS gathered
      JOIN notification ON notification.id = gathered.id
       SET notification.mail_id = gathered.mail_id,
           notification.mail    = IF(gathered.mail_id IS NULL, 'none', notification.mail);

    SELECT JSON_LENGTH(v_ids) AS gathered;

    COMMIT;
END
