CREATE PROCEDURE _remove_old_notifications (
    IN  p_limit   INT UNSIGNED,
    OUT p_removed INT UNSIGNED
)
    COMMENT '
Remove what people were told a year ago, and mails a month after they were sent or given
up.

Parameters
  p_limit    how many of each at most
  p_removed  how many there were

Result
  none
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_told  JSON;
    DECLARE v_mails JSON;

    -- Their ids grow with time, so the oldest stand first and no index is needed: nothing beyond
    -- them is looked at. What is told once is not told again, for the log has been read past it.
    SELECT JSON_ARRAYAGG(id)
      INTO v_told
      FROM (SELECT id, created_at FROM notification ORDER BY id LIMIT p_limit) AS oldest
     WHERE created_at < CURRENT_TIMESTAMP(6) - INTERVAL 365 DAY;

    SELECT JSON_ARRAYAGG(id)
      INTO v_mails
      FROM (SELECT id, ended_at FROM mail ORDER BY id LIMIT p_limit) AS oldest
     WHERE ended_at < CURRENT_TIMESTAMP(6) - INTERVAL 30 DAY;

    DELETE /*+ JOIN_FIXED_ORDER() */ notification
      FROM JSON_TABLE(v_told, '$[*]' COLUMNS (id BIGINT UNSIGNED PATH '$')) AS old
      JOIN notification ON notification.id = old.id;
    DELETE /*+ JOIN_FIXED_ORDER() */ mail
      FROM JSON_TABLE(v_mails, '$[*]' COLUMNS (id BIGINT UNSIGNED PATH '$')) AS old
      JOIN mail ON mail.id = old.id;

    SET p_removed = COALESCE(JSON_LENGTH(v_told), 0) + COALESCE(JSON_LENGTH(v_mails), 0);
END
