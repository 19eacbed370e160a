CREATE PROCEDURE start_task (
    IN p_actor_id BIGINT UNSIGNED,
    IN p_task_id  BIGINT UNSIGNED
)
    COMMENT '
Begin to work on a task.

Parameters
  p_actor_id  the user who asks; NULL for the one that the SQL login is bound to
  p_task_id   the task

Result
  one task row, as get_task gives it; a task that is there already stays as it is

Errors
  actor_not_allowed       the login may not ask for that user
  actor_required          the login may ask for any user and named none
  permission_denied       the role of the actor does not allow planning
  task_not_found          there is no such task for the actor
  transition_not_allowed  the task cannot go there from its status
  dependents_completed    the task was closed and completed tasks wait for it

Example
  CALL start_task(NULL, 7);
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
    UPDATE task SET status = 'in_progress' WHERE id = p_task_id;
    CALL _show_task(v_workspace_id, p_task_id);

    COMMIT;
    SET @headgate_actor_id = NULL;
END
