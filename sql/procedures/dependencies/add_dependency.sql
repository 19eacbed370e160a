CREATE PROCEDURE add_dependency (
    IN p_actor_id      BIGINT UNSIGNED,
    IN p_task_id       BIGINT UNSIGNED,
    IN p_depends_on_id BIGINT UNSIGNED
)
    COMMENT '
Make one task wait for another.

Parameters
  p_actor_id       the user who asks; NULL for the one that the SQL login is bound to
  p_task_id        the task that waits
  p_depends_on_id  the task it waits for

Result
  one row: workspace_id, task_id, depends_on_id, created_by, created_at, revision

Errors
  actor_not_allowed             the login may not ask for that user
  actor_required                the login may ask for any user and named none
  permission_denied             the role of the actor does not allow planning
  task_not_found                one of the two tasks does not exist for the actor
  dependency_across_workspaces  the tasks are in different workspaces
  dependency_exists             the first task already waits for the second
  dependency_cycle              the second task already waits for the first,
                                directly or through others, or they are the same
  task_blocked                  the first task is completed, the second is open

Example
  CALL add_dependency(NULL, 7, 4);
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

    -- READ COMMITTED: once the lock is granted, the order must be read as its
    -- previous holder left it, not from a snapshot from before.
    SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
    START TRANSACTION;

    CALL _lock_task(p_actor_id, p_task_id, v_workspace_id);
    CALL _insert_dependency(v_workspace_id, p_task_id, p_depends_on_id, p_actor_id);

    -- Shown before the lock is given up: the newest line of the log is this change.
    SELECT workspace_id, task_id, depends_on_id, actor_id AS created_by, changed_at AS created_at, revision
      FROM change_log
     WHERE workspace_id = v_workspace_id
       AND revision = (SELECT MAX(newest.revision) FROM change_log AS newest WHERE newest.workspace_id = v_workspace_id);

    COMMIT;
    SET @headgate_actor_id = NULL;
END
