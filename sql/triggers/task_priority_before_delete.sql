-- A word stays while tasks use it, even for a session that has switched foreign
-- keys off; there is none from task, which saves an index on every task.
CREATE TRIGGER task_priority_before_delete BEFORE DELETE ON task_priority FOR EACH ROW
BEGIN
    IF EXISTS (SELECT 1 FROM task WHERE priority = OLD.priority FOR SHARE) THEN
        CALL raise_error('reference_in_use', CONCAT('tasks have the priority ', OLD.priority), JSON_OBJECT('priority', OLD.priority));
    END IF;
END
