CREATE TRIGGER tag_after_insert AFTER INSERT ON tag FOR EACH ROW
BEGIN
    -- Whoever inserts many rows and derives for all of them at once says so.
    IF @headgate_deriving IS NULL THEN
        CALL _log_change(NEW.workspace_id, 'tag', 'insert', NEW.task_id, NULL, NULL, JSON_OBJECT('name', NEW.name));
    END IF;
END
