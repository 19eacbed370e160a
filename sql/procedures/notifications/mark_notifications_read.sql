CREATE PROCEDURE mark_notifications_read (
    IN p_actor_id BIGINT UNSIGNED,
    IN p_up_to_id BIGINT UNSIGNED
)
    COMMENT '
Mark all that the actor was told as read.

What list_notifications shows is meant: what the actor may not read at the moment stays
as it is.

Parameters
  p_actor_id  the user who asks; NULL for the one that the SQL login is bound to
  p_up_to_id  the newest that the actor has seen: what came after it stays unread; NULL for all

Result
  one row: marked, how many were unread

Errors
  actor_not_allowed  the login may not ask for that user
  actor_required     the login may ask for any user and named none

Example
  CALL mark_notifications_read(NULL, NULL);
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_ids JSON;

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

    -- By themselves, since an UPDATE would lock the tasks and memberships that it looks at.
    SELECT COALESCE(JSON_ARRAYAGG(notification.id), JSON_ARRAY())
      INTO v_ids
      FROM notification
      JOIN task ON task.id = notification.task_id
      JOIN membership ON membership.workspace_id = notification.workspace_id AND membership.user_id = notification.user_id
      JOIN role_permission ON role_permission.role = membership.role AND role_permission.permission = 'read'
     WHERE notification.user_id = p_actor_id AND notification.in_inbox AND notification.read_at IS NULL
       AND (p_up_to_id IS NULL OR notification.id <= p_up_to_id);

    UPDATE JSON_TABLE(v_ids, '$[*]' COLUMNS (id BIGINT UNSIGNED PATH '$')) AS chosen
      JOIN notification ON notification.id = chosen.id
       SET notification.read_at = NOW(6)
     WHERE notification.read_at IS NULL;

    SELECT ROW_COUNT() AS marked;

    COMMIT;
END
