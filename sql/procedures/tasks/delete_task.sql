CREATE PROCEDURE delete_task (
    IN p_actor_id         BIGINT UNSIGNED,
    IN p_task_id          BIGINT UNSIGNED,
    IN p_mode             VARCHAR(8),
    IN p_expected_version INT UNSIGNED
)
    COMMENT '
Delete a task, with its tags, its comments, its attachments and its own dependencies.

Of its comments nothing is left, not even their places; the change log tells that there
were some.

Parameters
  p_actor_id          the user who asks; NULL for the one that the SQL login is bound to
  p_task_id           the task
  p_mode              what happens to tasks that wait for it: refuse (say no), or splice (they
                      wait for what it waited for)
  p_expected_version  refuse unless the task still has this version; NULL for any

Result
  one row: task_id, workspace_id, revision

Errors
  actor_not_allowed    the login may not ask for that user
  actor_required       the login may ask for any user and named none
  permission_denied    the role of the actor does not allow planning
  task_not_found       there is no such task for the actor
  version_mismatch     someone else changed the task since
  invalid_task         the mode is neither refuse nor splice
  task_has_dependents  other tasks wait for it and the mode is refuse; the facts name up
                       to 20
  task_blocked         splicing would make a completed task wait for an open one

Example
  CALL delete_task(NULL, 7, "splice", NULL);
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
    CALL _check_version(p_task_id, p_expected_version);
    CALL _delete_task(v_workspace_id, p_task_id, p_mode, p_actor_id);

    SELECT p_task_id AS task_id, v_workspace_id AS workspace_id, _revision(v_workspace_id) AS revision;

    COMMIT;
    SET @headgate_actor_id = NULL;
END
