-- A new task is ranked above every older one: it may wait for any of them, and
-- nothing waits for it yet.
CREATE TRIGGER task_after_insert AFTER INSERT ON task FOR EACH ROW
BEGIN
    -- Whoever inserts many rows and derives for all of them at once says so, by 2.
    -- Not by 1, which a statement that lost a lock half way may have left behind.
    IF NOT @headgate_deriving <=> 2 THEN
        SET @headgate_deriving = TRUE;
        INSERT INTO node (task_id, workspace_id, topo_rank, is_open, is_pending, priority_rank)
        VALUES (NEW.id, NEW.workspace_id, NEW.id * _rank_spacing(), @headgate_is_open, NEW.status = 'pending',
                @headgate_priority_rank);
        CALL _add_words(NEW.workspace_id, NEW.id, NEW.title, NEW.description);

        CALL _log_change(NEW.workspace_id, 'task', 'insert', NEW.id, NULL, NULL,
                         JSON_OBJECT('task_key', NEW.task_key, 'title', NEW.title, 'status', NEW.status, 'priority', NEW.priority,
                                     'assignee_id', NEW.assignee_id, 'assignee_team_id', NEW.assignee_team_id,
                                     'estimate_minutes', NEW.estimate_minutes, 'due_at', NEW.due_at,
                                     'description', NEW.description));
    END IF;
END
