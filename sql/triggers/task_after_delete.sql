-- The derived rows go with their task, the last state of it into the log.
CREATE TRIGGER task_after_delete AFTER DELETE ON task FOR EACH ROW
BEGIN
    SET @headgate_deriving = TRUE;
    DELETE FROM node WHERE task_id = OLD.id;
    DELETE FROM task_word WHERE workspace_id = OLD.workspace_id AND task_id = OLD.id;

    CALL _log_change(OLD.workspace_id, 'task', 'delete', OLD.id, NULL,
                     JSON_OBJECT('task_key', OLD.task_key, 'title', OLD.title, 'status', OLD.status, 'priority', OLD.priority,
                                 'assignee_id', OLD.assignee_id, 'assignee_team_id', OLD.assignee_team_id,
                                 'estimate_minutes', OLD.estimate_minutes, 'due_at', OLD.due_at, 'description', OLD.description),
                     NULL);
END
