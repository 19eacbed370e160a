CREATE PROCEDURE list_notifications (
    IN p_actor_id  BIGINT UNSIGNED,
    IN p_is_unread BOOLEAN,
    IN p_after     JSON,
    IN p_limit     INT UNSIGNED
)
    COMMENT '
List what the actor was told, newest first.

Of workspaces that the actor may not read any more, and of tasks that are gone,
nothing is shown.

Parameters
  p_actor_id   the user who asks; NULL for the one that the SQL login is bound to
  p_is_unread  1: only what is unread; NULL or 0 for all
  p_after      the place after which the page begins, as the answer to the page before gave
               it; NULL for the first page
  p_limit      how many rows at most; NULL for all

Result
  rows: notification_id, kind, workspace_id, workspace (its name), task_id, title, actor_id,
  actor (the user name), revision, comment_id, due_at, created_at, read_at; and one row: unread, how many
  are unread (1000 where it is more), and after, the place of the last one shown, or NULL if
  no more follow

Errors
  actor_not_allowed  the login may not ask for that user
  actor_required     the login may ask for any user and named none
  invalid_request    the place is none

Example
  CALL list_notifications(NULL, 1, NULL, 20);
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_limit  BIGINT UNSIGNED DEFAULT COALESCE(p_limit, 4294967294) + 1;
    DECLARE v_before BIGINT UNSIGNED DEFAULT IF(p_after IS NULL, 18446744073709551615,
                                                JSON_VALUE(p_after, '$[0]' RETURNING UNSIGNED));
    DECLARE v_ids    JSON;
    DECLARE v_unread INT UNSIGNED;
    DECLARE v_after  JSON;

    CALL _identify(p_actor_id);

    IF v_before IS NULL THEN
        CALL raise_error('invalid_request', 'the place is not what a page gave',
                         JSON_OBJECT('errors', JSON_OBJECT('cursor', JSON_ARRAY('is no place'))));
    END IF;

    SELECT COALESCE(JSON_ARRAYAGG(id), JSON_ARRAY())
      INTO v_ids
      FROM (SELECT notification.id
              FROM notification
              JOIN task ON task.id = notification.task_id
              JOIN membership
                ON membership.workspace_id = notification.workspace_id AND membership.user_id = notification.user_id
              JOIN role_permission ON role_permission.role = membership.role AND role_permission.permission = 'read'
             WHERE notification.user_id = p_actor_id AND notification.in_inbox AND notification.id < v_before
               AND (NOT COALESCE(p_is_unread, FALSE) OR notification.read_at IS NULL)
             ORDER BY notification.id DESC
             LIMIT v_limit) AS page;

    SELECT COUNT(*)
      INTO v_unread
      FROM (SELECT notification.id
              FROM notification
              JOIN task ON task.id = notification.task_id
              JOIN membership
                ON membership.workspace_id = notification.workspace_id AND membership.user_id = notification.user_id
              JOIN role_permission ON role_permission.role = membership.role AND role_permission.permission = 'read'
             WHERE notification.user_id = p_actor_id AND notification.in_inbox AND notification.read_at IS NULL
             LIMIT 1000) AS counted;

    -- The one row too many says that more follow.
    IF JSON_LENGTH(v_ids) = v_limit THEN
        SET v_ids = JSON_REMOVE(v_ids, '$[last]'), v_after = JSON_ARRAY(JSON_EXTRACT(v_ids, '$[last]'));
    END IF;

    CALL _show_notifications(v_ids);

    SELECT v_unread AS unread, v_after AS after;
END
