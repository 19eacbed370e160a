-- The gate. No completed task waits for an open one: not after it is completed,
-- and not after one that it waited for is opened again. Decided from the facts
-- by locking reads, never from a counter, and never from an old snapshot.
CREATE TRIGGER task_before_update BEFORE UPDATE ON task FOR EACH ROW
BEGIN
    DECLARE v_workspace_id BIGINT UNSIGNED;
    DECLARE v_transition   VARCHAR(16);
    DECLARE v_offenders    JSON;

    IF NEW.id <> OLD.id OR NEW.workspace_id <> OLD.workspace_id OR NOT NEW.created_by <=> OLD.created_by
       OR NEW.created_at <> OLD.created_at THEN
        CALL raise_error('immutable_column', 'a task keeps its id, workspace, creator and time of creation',
                         JSON_OBJECT('task_id', OLD.id));
    END IF;

    SELECT id INTO v_workspace_id FROM workspace WHERE id = OLD.workspace_id FOR UPDATE;

    -- What the words mean, in one statement; the trigger that derives goes by it, too.
    IF BINARY NEW.status <> BINARY OLD.status OR BINARY NEW.priority <> BINARY OLD.priority THEN
        SELECT before_it.is_open, after_it.is_open, status_transition.to_status, task_priority.sort_order
          INTO @headgate_was_open, @headgate_is_open, v_transition, @headgate_priority_rank
          FROM task_status AS before_it
          LEFT JOIN task_status AS after_it ON after_it.status = NEW.status AND BINARY after_it.status = BINARY NEW.status
          LEFT JOIN status_transition
                 ON status_transition.from_status = OLD.status AND status_transition.to_status = NEW.status
          LEFT JOIN task_priority ON task_priority.priority = NEW.priority AND BINARY task_priority.priority = BINARY NEW.priority
         WHERE before_it.status = OLD.status;

        IF @headgate_is_open IS NULL OR @headgate_priority_rank IS NULL THEN
            CALL _check_task_words(NEW.workspace_id, NEW.status, NEW.priority, NULL, NULL);
        END IF;
    END IF;

    -- Who has left since may stay assigned; who comes must belong here.
    IF NOT NEW.assignee_id <=> OLD.assignee_id OR NOT NEW.assignee_team_id <=> OLD.assignee_team_id THEN
        CALL _check_task_words(NEW.workspace_id, NEW.status, NEW.priority, NEW.assignee_id, NEW.assignee_team_id);
    END IF;

    IF NEW.status <> OLD.status THEN
        IF v_transition IS NULL THEN
            CALL raise_error('transition_not_allowed',
                             CONCAT('task ', OLD.id, ' cannot go from ', OLD.status, ' to ', NEW.status),
                             JSON_OBJECT('task_id', OLD.id, 'from', OLD.status, 'to', NEW.status));
        END IF;

        IF NEW.status = 'completed'
           AND EXISTS (SELECT /*+ JOIN_FIXED_ORDER() JOIN_INDEX(edge PRIMARY) JOIN_INDEX(prerequisite PRIMARY) */ 1
                         FROM dependency AS edge
                         JOIN task AS prerequisite ON prerequisite.id = edge.depends_on_id
                         JOIN task_status USING (status)
                        WHERE edge.workspace_id = OLD.workspace_id AND edge.task_id = OLD.id AND task_status.is_open
                          FOR SHARE OF edge, prerequisite) THEN
            SELECT JSON_ARRAYAGG(JSON_OBJECT('task_id', id, 'title', title, 'status', status))
              INTO v_offenders
              FROM (SELECT /*+ JOIN_FIXED_ORDER() JOIN_INDEX(edge PRIMARY) JOIN_INDEX(prerequisite PRIMARY) */
                           prerequisite.id, prerequisite.title, prerequisite.status
                      FROM dependency AS edge
                      JOIN task AS prerequisite ON prerequisite.id = edge.depends_on_id
                      JOIN task_status USING (status)
                     WHERE edge.workspace_id = OLD.workspace_id AND edge.task_id = OLD.id AND task_status.is_open
                     LIMIT 20
                       FOR SHARE OF edge, prerequisite) AS open_prerequisite;

            CALL raise_error('task_blocked',
                             CONCAT('task ', OLD.id, ' still waits for open tasks: ',
                                    JSON_EXTRACT(v_offenders, '$[*].task_id')),
                             JSON_OBJECT('task_id', OLD.id, 'open_prerequisites', v_offenders));
        END IF;

        IF @headgate_is_open AND NOT @headgate_was_open THEN
            SELECT JSON_ARRAYAGG(JSON_OBJECT('task_id', id, 'title', title))
              INTO v_offenders
              FROM (SELECT /*+ JOIN_FIXED_ORDER() JOIN_INDEX(edge dependency_dependents) JOIN_INDEX(dependent PRIMARY) */
                           dependent.id, dependent.title
                      FROM dependency AS edge
                      JOIN task AS dependent ON dependent.id = edge.task_id
                     WHERE edge.workspace_id = OLD.workspace_id AND edge.depends_on_id = OLD.id
                       AND dependent.status = 'completed'
                     LIMIT 20
                       FOR SHARE) AS completed_dependent;

            IF v_offenders IS NOT NULL THEN
                CALL raise_error('dependents_completed',
                                 CONCAT('completed tasks wait for task ', OLD.id, ': ',
                                        JSON_EXTRACT(v_offenders, '$[*].task_id'), '; reopen them first or cascade'),
                                 JSON_OBJECT('task_id', OLD.id, 'completed_dependents', v_offenders));
            END IF;
        END IF;

        SET NEW.started_at   = IF(NEW.status = 'in_progress', CURRENT_TIMESTAMP(6), OLD.started_at);
        SET NEW.completed_at = IF(NEW.status = 'completed', CURRENT_TIMESTAMP(6), NULL);
    ELSE
        SET NEW.started_at   = OLD.started_at;
        SET NEW.completed_at = OLD.completed_at;
    END IF;

    -- An update that changes nothing is not a change: no version, no revision.
    IF NEW.status = OLD.status AND NEW.priority = OLD.priority
       AND BINARY NEW.title = BINARY OLD.title AND BINARY NEW.description = BINARY OLD.description
       AND NEW.task_key <=> OLD.task_key AND NEW.assignee_id <=> OLD.assignee_id
       AND NEW.assignee_team_id <=> OLD.assignee_team_id AND NEW.estimate_minutes <=> OLD.estimate_minutes AND NEW.due_at <=> OLD.due_at THEN
        SET NEW.version    = OLD.version;
        SET NEW.updated_at = OLD.updated_at;
    ELSE
        SET NEW.version    = OLD.version + 1;
        SET NEW.updated_at = CURRENT_TIMESTAMP(6);
    END IF;
END
