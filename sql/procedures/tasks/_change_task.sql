CREATE PROCEDURE _change_task (
    IN p_workspace_id BIGINT UNSIGNED,
    IN p_task_id      BIGINT UNSIGNED,
    IN p_changes      JSON,
    IN p_cascade      BOOLEAN,
    IN p_actor_id     BIGINT UNSIGNED
)
    COMMENT '
Change some fields of a task, in a transaction that holds the workspace lock.

In this order: dependencies that go, the row (where the gate is), dependencies
that come; so a task may be freed and completed, or reopened and made to wait,
in one change.

Parameters
  p_workspace_id  the workspace of the task
  p_task_id       the task
  p_changes       an object as for update_task, of the right form
  p_cascade       as for update_task
  p_actor_id      the user who asks

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
    DECLARE v_task JSON;

    DECLARE EXIT HANDLER FOR 1062
        CALL raise_error('task_key_taken', 'another task of the workspace has the key',
                         JSON_OBJECT('task_key', JSON_EXTRACT(p_changes, '$.task_key')));

    IF JSON_CONTAINS_PATH(p_changes, 'one', '$.tags') THEN
        CALL _set_tags(p_workspace_id, p_task_id, JSON_EXTRACT(p_changes, '$.tags'));
    END IF;

    IF JSON_CONTAINS_PATH(p_changes, 'one', '$.depends_on') THEN
        DELETE edge
          FROM dependency AS edge
          LEFT JOIN JSON_TABLE(p_changes, '$.depends_on[*]' COLUMNS (task_id BIGINT UNSIGNED PATH '$')) AS wanted
            ON wanted.task_id = edge.depends_on_id
         WHERE edge.workspace_id = p_workspace_id AND edge.task_id = p_task_id AND wanted.task_id IS NULL;
    END IF;

    IF p_cascade THEN
        CALL _reopen_dependents(p_workspace_id, p_task_id, p_changes);
    END IF;

    -- RFC 7396: what is given replaces, null removes, the rest stays. A user who comes
    -- takes the place of a team, and the other way round.
    SELECT JSON_MERGE_PATCH(JSON_OBJECT('task_key', task_key, 'title', title, 'status', status, 'priority', priority,
                                        'assignee_id', IF(JSON_VALUE(p_changes, '$.assignee_team_id') IS NULL, assignee_id, NULL),
                                        'assignee_team_id', IF(JSON_VALUE(p_changes, '$.assignee_id') IS NULL, assignee_team_id, NULL),
                                        'estimate_minutes', estimate_minutes, 'due_at', due_at, 'description', description),
                            p_changes)
      INTO v_task
      FROM task
     WHERE id = p_task_id;

    UPDATE task
      JOIN JSON_TABLE(v_task, '$' COLUMNS (
               task_key         VARCHAR(128)    PATH '$.task_key',
               title            VARCHAR(200)    PATH '$.title',
               description      TEXT            PATH '$.description',
               status           VARCHAR(16)     PATH '$.status',
               priority         VARCHAR(16)     PATH '$.priority',
               assignee_id      BIGINT UNSIGNED PATH '$.assignee_id',
               assignee_team_id BIGINT UNSIGNED PATH '$.assignee_team_id',
               estimate_minutes INT UNSIGNED    PATH '$.estimate_minutes',
               due_at           DATETIME        PATH '$.due_at')) AS given
       SET task.task_key         = given.task_key,
           task.title            = given.title,
           task.description      = COALESCE(given.description, ''),
           task.status           = given.status,
           task.priority         = given.priority,
           task.assignee_id      = given.assignee_id,
           task.assignee_team_id = given.assignee_team_id,
           task.estimate_minutes = given.estimate_minutes,
           task.due_at           = given.due_at
     WHERE task.id = p_task_id;

    IF JSON_LENGTH(p_changes, '$.depends_on') > 0 THEN
        CALL _add_dependencies(p_workspace_id, p_task_id, JSON_EXTRACT(p_changes, '$.depends_on'), p_actor_id);
    END IF;
END
