CREATE PROCEDURE get_task_watch (
    IN p_actor_id BIGINT UNSIGNED,
    IN p_task_id  BIGINT UNSIGNED
)
    COMMENT '
Show whether the actor watches a task, or has muted it.

Parameters
  p_actor_id  the user who asks; NULL for the one that the SQL login is bound to
  p_task_id   the task

Result
  one row: task_id, watch (watching, muted or none)

Errors
  actor_not_allowed  the login may not ask for that user
  actor_required     the login may ask for any user and named none
  permission_denied  the role of the actor does not allow reading
  task_not_found     there is no such task for the actor

Example
  CALL get_task_watch(NULL, 7);
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_workspace_id BIGINT UNSIGNED;

    CALL _authorize(p_actor_id, v_workspace_id, p_task_id, 'read');

    SELECT p_task_id AS task_id,
           COALESCE((SELECT state FROM task_watch WHERE task_id = p_task_id AND user_id = p_actor_id), 'none') AS watch;
END
