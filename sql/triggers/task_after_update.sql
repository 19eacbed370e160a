-- Carry the change over to the derived rows: its own, and those that wait for it.
CREATE TRIGGER task_after_update AFTER UPDATE ON task FOR EACH ROW
BEGIN
    IF NEW.version <> OLD.version THEN
        CALL _log_change(NEW.workspace_id, 'task', 'update', NEW.id, NULL,
            JSON_MERGE_PRESERVE(JSON_OBJECT('task_key', OLD.task_key, 'title', OLD.title, 'status', OLD.status, 'priority', OLD.priority,
                                            'assignee_id', OLD.assignee_id, 'assignee_team_id', OLD.assignee_team_id,
                                            'estimate_minutes', OLD.estimate_minutes, 'due_at', OLD.due_at),
                                IF(BINARY NEW.description = BINARY OLD.description, '{}',
                                   JSON_OBJECT('description', OLD.description))),
            JSON_MERGE_PRESERVE(JSON_OBJECT('task_key', NEW.task_key, 'title', NEW.title, 'status', NEW.status, 'priority', NEW.priority,
                                            'assignee_id', NEW.assignee_id, 'assignee_team_id', NEW.assignee_team_id,
                                            'estimate_minutes', NEW.estimate_minutes, 'due_at', NEW.due_at),
                                IF(BINARY NEW.description = BINARY OLD.description, '{}',
                                   JSON_OBJECT('description', NEW.description))));
    END IF;

    IF BINARY NEW.title <> BINARY OLD.title OR BINARY NEW.description <> BINARY OLD.description THEN
        CALL _renew_words(NEW.workspace_id, NEW.id);
    END IF;

    IF NEW.priority <> OLD.priority OR NEW.status <> OLD.status THEN
        SET @headgate_deriving = TRUE;

        -- Named, also where there are few: what MySQL guesses after an import is old, and it would read, and lock, all tasks.
        UPDATE /*+ JOIN_FIXED_ORDER() JOIN_INDEX(node PRIMARY) */
               (SELECT NEW.id AS task_id
                 UNION ALL
                SELECT /*+ INDEX(dependency dependency_dependents) */ task_id
                  FROM dependency
                 WHERE workspace_id = NEW.workspace_id AND depends_on_id = NEW.id
                   AND @headgate_is_open <> @headgate_was_open) AS touched
          JOIN node ON node.task_id = touched.task_id
           SET node.waiting_for   = node.waiting_for + IF(node.task_id = NEW.id, 0, IF(@headgate_is_open, 1, -1)),
               node.is_open       = IF(node.task_id = NEW.id, @headgate_is_open, node.is_open),
               node.is_pending    = IF(node.task_id = NEW.id, NEW.status = 'pending', node.is_pending),
               node.priority_rank = IF(node.task_id = NEW.id, @headgate_priority_rank, node.priority_rank);

        -- It was the last open one that these waited for.
        IF ROW_COUNT() > 1 AND NOT @headgate_is_open THEN
            INSERT INTO unblocking (workspace_id, revision, task_id)
            SELECT /*+ JOIN_FIXED_ORDER() JOIN_INDEX(dependency dependency_dependents) JOIN_INDEX(node PRIMARY) */
                   NEW.workspace_id, @headgate_revision, node.task_id
              FROM dependency
              JOIN node ON node.task_id = dependency.task_id
             WHERE dependency.workspace_id = NEW.workspace_id AND dependency.depends_on_id = NEW.id
               AND node.readiness = 'ready';
        END IF;

        SET @headgate_deriving = NULL;
    END IF;

    -- Whoever ends the work or gives it to another, by whatever door, ends the claim.
    -- The node is there: its lock is one of a row. A claim that is not there would be one
    -- of a gap, in which others want to claim.
    IF OLD.status = 'in_progress' AND (NEW.status <> 'in_progress' OR NOT NEW.assignee_id <=> OLD.assignee_id)
       AND (SELECT is_claimed FROM node WHERE task_id = NEW.id FOR SHARE) THEN
        DELETE FROM claim WHERE task_id = NEW.id;
    END IF;
END
