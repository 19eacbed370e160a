CREATE PROCEDURE _apply_change (
    IN  p_workspace_id BIGINT UNSIGNED,
    IN  p_actor_id     BIGINT UNSIGNED,
    IN  p_place        INT UNSIGNED,
    OUT p_is_judged    BOOLEAN
)
    COMMENT '
Apply one staged change, by the rules and the parts of the procedure of its name.

Parameters
  p_workspace_id  the workspace, locked
  p_actor_id      the user who asks
  p_place         the index of the change
  p_is_judged     false if it needs a task whose own change was refused: nothing is done

Result
  none

Errors
  invalid_task                  a field is missing or unknown or its value does not fit
  task_not_found                the task or a prerequisite does not exist for the actor
  member_not_found              the assignee does not belong to the workspace
  team_not_found                the team has no role in the workspace
  task_key_taken                another task of the workspace has the key
  version_mismatch              the task does not have the version
  transition_not_allowed        the task cannot go from its status to the new one
  task_blocked                  a completed task would wait for an open one
  dependents_completed          completed tasks wait for the one to be opened again
  task_has_dependents           other tasks wait for the one to be deleted
  dependency_not_found          the first task does not directly wait for the second
  dependency_exists             the first task already waits for the second
  dependency_cycle              a prerequisite already waits for the task
  dependency_across_workspaces  a prerequisite is in another workspace of the actor
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
apply_it: BEGIN
    DECLARE v_op          VARCHAR(32);
    DECLARE v_change      JSON;
    DECLARE v_is_suspect  BOOLEAN;
    DECLARE v_mentioned   JSON;
    DECLARE v_found       JSON;
    DECLARE v_depends_on  JSON;
    DECLARE v_task_id     BIGINT UNSIGNED;
    DECLARE v_other_id    BIGINT UNSIGNED;
    DECLARE v_status      VARCHAR(16);
    DECLARE v_is_open     BOOLEAN;
    DECLARE v_revision    BIGINT UNSIGNED;

    SELECT op, body, is_suspect INTO v_op, v_change, v_is_suspect FROM change_item WHERE place = p_place;

    IF v_is_suspect THEN
        CALL _check_change(p_place, v_op, v_change);
    END IF;

    IF v_op IN ('create', 'update') THEN
        CALL _check_task(JSON_REMOVE(v_change, '$.op', '$.key', '$.task', '$.version', '$.cascade', '$.depends_on'), v_op = 'create');
    END IF;

    -- A name without a task, once something was refused, is that of a task that was refused.
    SET v_mentioned = JSON_MERGE_PRESERVE(JSON_ARRAY(), COALESCE(JSON_EXTRACT(v_change, '$.task'), JSON_ARRAY()),
                                          COALESCE(JSON_EXTRACT(v_change, '$.depends_on'), JSON_ARRAY()));
    SET p_is_judged = NOT EXISTS (SELECT 1 FROM change_error)
                      OR NOT EXISTS (SELECT 1
                                       FROM JSON_TABLE(v_mentioned, '$[*]' COLUMNS (name JSON PATH '$')) AS mentioned
                                       JOIN change_name
                                         ON change_name.name = JSON_UNQUOTE(mentioned.name) COLLATE utf8mb4_0900_as_cs
                                      WHERE JSON_TYPE(mentioned.name) = 'STRING' AND change_name.task_id IS NULL
                                        AND change_name.place < p_place);

    IF NOT p_is_judged THEN
        LEAVE apply_it;
    END IF;

    IF v_op <> 'create' THEN
        CALL _find_named(p_workspace_id, p_place, JSON_ARRAY(JSON_EXTRACT(v_change, '$.task')), v_found);

        SELECT task.id, task_status.is_open
          INTO v_task_id, v_is_open
          FROM task
          JOIN task_status ON task_status.status = task.status
         WHERE task.id = JSON_EXTRACT(v_found, '$[0]') AND task.workspace_id = p_workspace_id;

        IF v_task_id IS NULL THEN
            CALL raise_error('task_not_found', CONCAT('no task ', JSON_EXTRACT(v_change, '$.task'), ' in the workspace'),
                             JSON_OBJECT('task', JSON_EXTRACT(v_change, '$.task')));
        END IF;
    END IF;

    IF JSON_CONTAINS_PATH(v_change, 'one', '$.depends_on') THEN
        -- One of them, or an array.
        SET v_depends_on = JSON_MERGE_PRESERVE(JSON_ARRAY(), JSON_EXTRACT(v_change, '$.depends_on'));
        CALL _find_named(p_workspace_id, p_place, v_depends_on, v_found);
        SET v_depends_on = COALESCE(v_found, JSON_ARRAY()), v_other_id = JSON_EXTRACT(v_found, '$[0]');
        SET v_change = JSON_SET(v_change, '$.depends_on', v_depends_on);
    END IF;

    SET v_revision = _revision(p_workspace_id);

    CASE v_op
        WHEN 'create' THEN
            CALL _insert_task(p_workspace_id, JSON_REMOVE(v_change, '$.op', '$.key'), p_actor_id, v_task_id);
            UPDATE change_name SET task_id = v_task_id WHERE place = p_place;
        WHEN 'update' THEN
            CALL _check_version(v_task_id, JSON_EXTRACT(v_change, '$.version'));
            CALL _change_task(p_workspace_id, v_task_id, JSON_REMOVE(v_change, '$.op', '$.task', '$.version', '$.cascade'),
                              JSON_EXTRACT(v_change, '$.cascade') = TRUE, p_actor_id);
        WHEN 'reopen' THEN
            IF NOT v_is_open THEN
                CALL _change_task(p_workspace_id, v_task_id, JSON_OBJECT('status', 'pending'),
                                  JSON_EXTRACT(v_change, '$.cascade') = TRUE, p_actor_id);
            END IF;
        WHEN 'delete' THEN
            CALL _delete_task(p_workspace_id, v_task_id, COALESCE(JSON_UNQUOTE(JSON_EXTRACT(v_change, '$.mode')), 'refuse'), p_actor_id);
        WHEN 'add_dependency' THEN
            CALL _insert_dependency(p_workspace_id, v_task_id, v_other_id, p_actor_id);
        WHEN 'remove_dependency' THEN
            CALL _remove_dependency(p_workspace_id, v_task_id, v_other_id);
        ELSE
            UPDATE task
               SET status = CASE v_op WHEN 'start' THEN 'in_progress' WHEN 'complete' THEN 'completed' ELSE 'cancelled' END
             WHERE id = v_task_id;
    END CASE;

    IF v_depends_on IS NOT NULL OR v_op = 'delete' THEN
        INSERT INTO change_edge (task_id, depends_on_id, place)
        SELECT task_id, depends_on_id, p_place
          FROM change_log
         WHERE workspace_id = p_workspace_id AND revision > v_revision AND entity = 'dependency' AND action = 'insert';
    END IF;

    IF JSON_EXTRACT(v_change, '$.cascade') = TRUE THEN
        INSERT IGNORE INTO change_reopened (task_id, place)
        SELECT task_id, p_place
          FROM change_log
         WHERE workspace_id = p_workspace_id AND revision > v_revision AND entity = 'task' AND action = 'update'
           AND task_id <> v_task_id;
    END IF;
END
