CREATE PROCEDURE _insert_task (
    IN  p_workspace_id BIGINT UNSIGNED,
    IN  p_task         JSON,
    IN  p_actor_id     BIGINT UNSIGNED,
    OUT p_task_id      BIGINT UNSIGNED
)
    COMMENT '
Create a task with its tags and dependencies, in a transaction that holds the workspace lock.

Parameters
  p_workspace_id  the workspace
  p_task          an object as for create_task, of the right form
  p_actor_id      the user who asks
  p_task_id       the new task

Result
  none

Errors
  task_key_taken                another task of the workspace has the key
  task_not_found                a prerequisite does not exist for the actor
  dependency_across_workspaces  a prerequisite is in another workspace of the actor
  dependency_cycle              a prerequisite already waits for the task
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE EXIT HANDLER FOR 1062
        CALL raise_error('task_key_taken', 'another task of the workspace has the key',
                         JSON_OBJECT('task_key', JSON_EXTRACT(p_task, '$.task_key')));

    INSERT INTO task (workspace_id, task_key, title, description, status, priority,
                      assignee_id, assignee_team_id, estimate_minutes, due_at, created_by)
    SELECT p_workspace_id, given.task_key, given.title, COALESCE(given.description, ''),
           COALESCE(given.status, 'pending'), COALESCE(given.priority, 'medium'),
           given.assignee_id, given.assignee_team_id, given.estimate_minutes, given.due_at, p_actor_id
      FROM JSON_TABLE(p_task, '$' COLUMNS (
               task_key         VARCHAR(128)    PATH '$.task_key',
               title            VARCHAR(200)    PATH '$.title',
               description      TEXT            PATH '$.description',
               status           VARCHAR(16)     PATH '$.status',
               priority         VARCHAR(16)     PATH '$.priority',
               assignee_id      BIGINT UNSIGNED PATH '$.assignee_id',
               assignee_team_id BIGINT UNSIGNED PATH '$.assignee_team_id',
               estimate_minutes INT UNSIGNED    PATH '$.estimate_minutes',
               due_at           DATETIME        PATH '$.due_at')) AS given;
    SET p_task_id = LAST_INSERT_ID();

    IF JSON_LENGTH(p_task, '$.tags') > 0 THEN
        CALL _set_tags(p_workspace_id, p_task_id, JSON_EXTRACT(p_task, '$.tags'));
    END IF;

    IF JSON_LENGTH(p_task, '$.depends_on') > 0 THEN
        CALL _add_dependencies(p_workspace_id, p_task_id, JSON_EXTRACT(p_task, '$.depends_on'), p_actor_id);
    END IF;
END
