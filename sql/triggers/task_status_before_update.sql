-- What tasks are called by a word (open or closed) is derived into their nodes: while tasks
-- use it, it keeps its meaning.
CREATE TRIGGER task_status_before_update BEFORE UPDATE ON task_status FOR EACH ROW
BEGIN
    IF (NEW.status <> OLD.status OR NEW.is_open <> OLD.is_open)
       AND EXISTS (SELECT 1 FROM task WHERE status = OLD.status FOR SHARE) THEN
        CALL raise_error('reference_in_use', CONCAT('tasks have the status ', OLD.status), JSON_OBJECT('status', OLD.status));
    END IF;
END
