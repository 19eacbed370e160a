CREATE PROCEDURE create_task (
    IN p_actor_id     BIGINT UNSIGNED,
    IN p_workspace_id BIGINT UNSIGNED,
    IN p_task         JSON
)
    COMMENT '
Create a task, with its tags and what it waits for.

Parameters
  p_actor_id      the user who asks; NULL for the one that the SQL login is bound to
  p_workspace_id  the workspace; NULL for the personal one of the actor
  p_task          an object; title is required, the others may be left out: title,
                  description, status, priority, assignee_id (a user) or assignee_team_id
                  (a team that has a role in the workspace), estimate_minutes, due_at (UTC,
                  such as "2026-12-01 09:00:00"), task_key, tags (an array of names),
                  depends_on (an array of task ids)

Result
  one task row, as get_task gives it

Errors
  actor_not_allowed             the login may not ask for that user
  actor_required                the login may ask for any user and named none
  permission_denied             the role of the actor does not allow planning
  workspace_not_found           there is no such workspace for the actor
  invalid_task                  a field is unknown or its value does not fit
  member_not_found              the assignee does not belong to the workspace
  team_not_found                the team has no role in the workspace
  task_key_taken                another task of the workspace has the key
  task_not_found                a prerequisite does not exist for the actor
  dependency_across_workspaces  a prerequisite is in another workspace of the actor
  dependency_cycle              a prerequisite already waits for the task
  task_blocked                  a completed task would wait for an open one

Example
  CALL create_task(NULL, NULL, JSON_OBJECT("title", "Ship it", "depends_on", JSON_ARRAY(4, 5)));
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_task_id BIGINT UNSIGNED;

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

    CALL _check_task(p_task, TRUE);
    CALL _lock_workspace(p_actor_id, p_workspace_id, 'plan');
    CALL _insert_task(p_workspace_id, p_task, p_actor_id, v_task_id);
    CALL _show_task(p_workspace_id, v_task_id);

    COMMIT;
    SET @headgate_actor_id = NULL;
END
