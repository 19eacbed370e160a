CREATE PROCEDURE mark_notification (
    IN p_actor_id        BIGINT UNSIGNED,
    IN p_notification_id BIGINT UNSIGNED,
    IN p_is_read         BOOLEAN
)
    COMMENT '
Mark one thing that the actor was told as read, or as unread.

Parameters
  p_actor_id         the user who asks; NULL for the one that the SQL login is bound to
  p_notification_id  which, as list_notifications gives it
  p_is_read          1: it is read; 0: it is not

Result
  one row, as list_notifications gives it

Errors
  actor_not_allowed       the login may not ask for that user
  actor_required          the login may ask for any user and named none
  notification_not_found  the actor was told no such thing

Example
  CALL mark_notification(NULL, 7, 1);
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_id BIGINT UNSIGNED;

    -- An open transaction of the caller (1568) is not ours to end.
    DECLARE EXIT HANDLER FOR 1568 RESIGNAL;
    DECLARE EXIT HANDLER FOR SQLEXCEPTION
    BEGIN
        ROLLBACK;
        RESIGNAL;
    END;

    SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
    START TRANSACTION;

    CALL _identify(p_actor_id);

    SELECT notification.id
      INTO v_id
      FROM notification
      JOIN task ON task.id = notification.task_id
      JOIN membership ON membership.workspace_id = notification.workspace_id AND membership.user_id = notification.user_id
      JOIN role_permission ON role_permission.role = membership.role AND role_permission.permission = 'read'
     WHERE notification.id = p_notification_id AND notification.user_id = p_actor_id AND notification.in_inbox;

    IF v_id IS NULL THEN
        CALL raise_error('notification_not_found', CONCAT('no notification ', COALESCE(p_notification_id, 'NULL')),
                         JSON_OBJECT('notification_id', p_notification_id));
    END IF;

    UPDATE notification SET read_at = IF(p_is_read, COALESCE(read_at, NOW(6)), NULL) WHERE id = v_id;

    CALL _show_notifications(JSON_ARRAY(v_id));

    COMMIT;
END
