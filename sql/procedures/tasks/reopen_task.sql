CREATE PROCEDURE reopen_task (
    IN p_actor_id BIGINT UNSIGNED,
    IN p_task_id  BIGINT UNSIGNED,
    IN p_cascade  BOOLEAN
)
    COMMENT '
Open a completed or cancelled task again.

Parameters
  p_actor_id  the user who asks; NULL for the one that the SQL login is bound to
  p_task_id   the task
  p_cascade   also reopen the completed tasks that wait for it, directly or through
              others

Result
  one task row, as get_task gives it; an open task stays as it is

Errors
  actor_not_allowed       the login may not ask for that user
  actor_required          the login may ask for any user and named none
  permission_denied       the role of the actor does not allow planning
  task_not_found          there is no such task for the actor
  transition_not_allowed  the task cannot go there from its status
  dependents_completed    completed tasks wait for it; the facts name up to 20

Example
  CALL reopen_task(NULL, 7, FALSE);
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_workspace_id BIGINT UNSIGNED;

    -- An open transaction of the caller (1568) is not ours to end.
    DECLARE EXIT HANDLER FOR 1568 RESIGNAL;
    DECLARE EXIT HANDLER FOR SQLEXCEPTION
    BEGIN
        ROLLBACK;
        SET @headgate_actor_id = NULL, @headgate_deriving = NULL;
        RESIGNAL;
    END;

    SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
    START TRANSACTION;

    CALL _lock_task(p_actor_id, p_task_id, v_workspace_id);

    IF EXISTS (SELECT 1
                 FROM task
                 JOIN task_status ON task_status.status = task.status
                WHERE task.id = p_task_id AND NOT task_status.is_open) THEN
        CALL _change_task(v_workspace_id, p_task_id, JSON_OBJECT('status', 'pending'), p_cascade, p_actor_id);
    END IF;

    CALL _show_task(v_workspace_id, p_task_id);

    COMMIT;
    SET @headgate_actor_id = NULL;
END
