-- Whoever changes a workspace locks its row first; then the words must be known.
-- Nothing can wait for a task that is only now being made, so the gate is open.
CREATE TRIGGER task_before_insert BEFORE INSERT ON task FOR EACH ROW
BEGIN
    DECLARE v_workspace_id BIGINT UNSIGNED;

    -- Its rank has to fit; and since AUTO_INCREMENT goes on from the highest id
    -- ever given by hand, so have those of all later tasks.
    IF NEW.id > 4398046511104 THEN
        CALL raise_error('invalid_task', CONCAT('no task can have the id ', NEW.id), JSON_OBJECT('task_id', NEW.id));
    END IF;

    -- An import (2) has locked the workspace and looked up all words at once.
    IF NOT @headgate_deriving <=> 2 THEN
        SELECT id INTO v_workspace_id FROM workspace WHERE id = NEW.workspace_id FOR UPDATE;

        IF v_workspace_id IS NULL THEN
            CALL raise_error('workspace_not_found', CONCAT('no workspace ', NEW.workspace_id),
                             JSON_OBJECT('workspace_id', NEW.workspace_id));
        END IF;

        -- What the words mean; the trigger that derives goes by it, too.
        SELECT MAX(task_status.is_open), MAX(task_priority.sort_order)
          INTO @headgate_is_open, @headgate_priority_rank
          FROM task_status
          JOIN task_priority
         WHERE task_status.status = NEW.status AND BINARY task_status.status = BINARY NEW.status
           AND task_priority.priority = NEW.priority AND BINARY task_priority.priority = BINARY NEW.priority;

        IF @headgate_is_open IS NULL OR NEW.assignee_id IS NOT NULL OR NEW.assignee_team_id IS NOT NULL THEN
            CALL _check_task_words(NEW.workspace_id, NEW.status, NEW.priority, NEW.assignee_id, NEW.assignee_team_id);
        END IF;
    END IF;

    SET NEW.version      = 1;
    SET NEW.updated_at   = NEW.created_at;
    SET NEW.started_at   = IF(NEW.status = 'in_progress', NEW.created_at, NULL);
    SET NEW.completed_at = IF(NEW.status = 'completed', NEW.created_at, NULL);
END
