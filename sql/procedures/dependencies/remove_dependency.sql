CREATE PROCEDURE remove_dependency (
    IN p_actor_id      BIGINT UNSIGNED,
    IN p_task_id       BIGINT UNSIGNED,
    IN p_depends_on_id BIGINT UNSIGNED
)
    COMMENT '
Let a task no longer wait for another.

Parameters
  p_actor_id       the user who asks; NULL for the one that the SQL login is bound to
  p_task_id        the task that waits
  p_depends_on_id  the task it waits for

Result
  one row: workspace_id, task_id, depends_on_id, revision

Errors
  actor_not_allowed     the login may not ask for that user
  actor_required        the login may ask for any user and named none
  permission_denied     the role of the actor does not allow planning
  task_not_found        there is no such task for the actor
  dependency_not_found  the first task does not directly wait for the second

Example
  CALL remove_dependency(NULL, 7, 4);
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
    CALL _remove_dependency(v_workspace_id, p_task_id, p_depends_on_id);

    SELECT v_workspace_id AS workspace_id, p_task_id AS task_id, p_depends_on_id AS depends_on_id,
           _revision(v_workspace_id) AS revision;

    COMMIT;
    SET @headgate_actor_id = NULL;
END
