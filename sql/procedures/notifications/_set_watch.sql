CREATE PROCEDURE _set_watch (
    IN p_actor_id BIGINT UNSIGNED,
    IN p_task_id  BIGINT UNSIGNED,
    IN p_state    VARCHAR(8)
)
    COMMENT '
Keep of how much of a task the actor wants to be told, and show it.

Parameters
  p_actor_id  as for _identify
  p_task_id   the task
  p_state     watching or muted

Result
  one row: task_id, watch

Errors
  actor_not_allowed  as for _identify
  actor_required     as for _identify
  permission_denied  the role of the actor does not allow reading
  task_not_found     there is no such task for the actor
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_workspace_id BIGINT UNSIGNED;

    CALL _authorize(p_actor_id, v_workspace_id, p_task_id, 'read');

    INSERT INTO task_watch (task_id, user_id, state)
    VALUES (p_task_id, p_actor_id, p_state) AS new_row
        ON DUPLICATE KEY UPDATE state = new_row.state;

    SELECT p_task_id AS task_id, p_state AS watch;
END
