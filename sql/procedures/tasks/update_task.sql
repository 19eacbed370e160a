CREATE PROCEDURE update_task (
    IN p_actor_id         BIGINT UNSIGNED,
    IN p_task_id          BIGINT UNSIGNED,
    IN p_changes          JSON,
    IN p_expected_version INT UNSIGNED,
    IN p_cascade          BOOLEAN
)
    COMMENT '
Change some fields of a task.

Parameters
  p_actor_id          the user who asks; NULL for the one that the SQL login is bound to
  p_task_id           the task
  p_changes           an object with the fields to change; null clears one; tags and
                      depends_on replace the whole set: title, description, status,
                      priority, assignee_id (a user) or assignee_team_id (a team that has a
                      role in the workspace; each takes the place of the other),
                      estimate_minutes, due_at (UTC, such as "2026-12-01 09:00:00"),
                      task_key, tags (an array of names), depends_on (an array of task ids)
  p_expected_version  refuse unless the task still has this version; NULL for any
  p_cascade           when the task is opened again, also reopen the completed tasks
                      that wait for it, directly or through others

Result
  one task row, as get_task gives it

Errors
  actor_not_allowed             the login may not ask for that user
  actor_required                the login may ask for any user and named none
  permission_denied             the role of the actor does not allow planning
  task_not_found                the task or a prerequisite does not exist for the actor
  version_mismatch              someone else changed the task since
  invalid_task                  a field is unknown or its value does not fit
  member_not_found              the assignee does not belong to the workspace
  team_not_found                the team has no role in the workspace
  task_key_taken                another task of the workspace has the key
  transition_not_allowed        the task cannot go from its status to the new one
  dependents_completed          completed tasks wait for the one to be opened again
  dependency_across_workspaces  a prerequisite is in another workspace of the actor
  dependency_cycle              a prerequisite already waits for the task
  task_blocked                  a completed task would wait for an open one

Example
  CALL update_task(NULL, 7, JSON_OBJECT("priority", "urgent", "due_at", NULL), NULL, FALSE);
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

    CALL _check_task(p_changes, FALSE);
    CALL _lock_task(p_actor_id, p_task_id, v_workspace_id);
    CALL _check_version(p_task_id, p_expected_version);
    CALL _change_task(v_workspace_id, p_task_id, p_changes, p_cascade, p_actor_id);
    CALL _show_task(v_workspace_id, p_task_id);

    COMMIT;
    SET @headgate_actor_id = NULL;
END
