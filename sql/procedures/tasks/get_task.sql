CREATE PROCEDURE get_task (
    IN p_actor_id BIGINT UNSIGNED,
    IN p_task_id  BIGINT UNSIGNED
)
    COMMENT '
Show one task with its tags, what it directly waits for, and whether it is ready.

Parameters
  p_actor_id  the user who asks; NULL for the one that the SQL login is bound to
  p_task_id   the task

Result
  one row: task_id, workspace_id, revision, task_key, title, description, status,
  priority, assignee_id, assignee_team_id, estimate_minutes, due_at, tags, depends_on,
  readiness, waiting_for, version, created_by, created_at, updated_at, started_at,
  completed_at

Errors
  actor_not_allowed  the login may not ask for that user
  actor_required     the login may ask for any user and named none
  permission_denied  the role of the actor does not allow reading
  task_not_found     there is no such task for the actor

Example
  CALL get_task(NULL, 7);
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_workspace_id BIGINT UNSIGNED;

    CALL _authorize(p_actor_id, v_workspace_id, p_task_id, 'read');
    CALL _show_task(v_workspace_id, p_task_id);
END
