-- A word stays while tasks use it, even for a session that has switched foreign
-- keys off; there is none from task, which saves an index on every task.
CREATE TRIGGER task_status_before_delete BEFORE DELETE ON task_status FOR EACH ROW
BEGIN
    IF EXISTS (SELECT 1 FROM task WHERE status = OLD.status FOR SHARE) THEN
        CALL raise_error('reference_in_use', CONCAT('tasks have the status ', OLD.status), JSON_OBJECT('status', OLD.status));
    END IF;
END
