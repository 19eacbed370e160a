CREATE PROCEDURE mark_notifications_read (
    IN p_actor_id BIGINT UNSIGNED,
    IN p_up_to_id BIGINT UNSIGNED
)
    COMMENT '
Mark all that the actor was told as read.

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
    CALL _identify(p_actor_id);

    UPDATE notification
       SET read_at = NOW(6)
     WHERE user_id = p_actor_id AND in_inbox AND read_at IS NULL AND (p_up_to_id IS NULL OR id <= p_up_to_id);

    SELECT ROW_COUNT() AS marked;
END
