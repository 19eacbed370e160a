CREATE TRIGGER tag_after_insert AFTER INSERT ON tag FOR EACH ROW
BEGIN
    -- Whoever inserts many rows and derives for all of them at once says so, by 2.
    -- Not by 1, which a statement that lost a lock half way may have left behind.
    IF NOT @headgate_deriving <=> 2 THEN
        CALL _log_change(NEW.workspace_id, 'tag', 'insert', NEW.task_id, NULL, NULL, JSON_OBJECT('name', NEW.name));
    END IF;
END
