CREATE TRIGGER dependency_after_insert AFTER INSERT ON dependency FOR EACH ROW
BEGIN
    -- Whoever inserts many rows and derives for all of them at once says so, by 2.
    -- Not by 1, which a statement that lost a lock half way may have left behind.
    IF NOT @headgate_deriving <=> 2 THEN
        CALL _log_change(NEW.workspace_id, 'dependency', 'insert', NEW.task_id, NEW.depends_on_id, NULL, NULL);

        IF @headgate_is_blocking THEN
            SET @headgate_deriving = TRUE;
            UPDATE node SET waiting_for = waiting_for + 1 WHERE task_id = NEW.task_id;
            SET @headgate_deriving = NULL;
        END IF;
    END IF;
END
