-- The derived row goes with its task, the last state of it into the log.
CREATE TRIGGER task_after_delete AFTER DELETE ON task FOR EACH ROW
BEGIN
    SET @headgate_deriving = TRUE;
    DELETE FROM node WHERE task_id = OLD.id;

    CALL _log_change(OLD.workspace_id, 'task', 'delete', OLD.id, NULL,
                     JSON_INSERT(_task_row(OLD.task_key, OLD.title, OLD.status, OLD.priority, OLD.assignee_id,
                                           OLD.estimate_minutes, OLD.due_at),
                                 '$.description', OLD.description),
                     NULL);
END
