-- What tasks are called by a word (how urgent) is derived into their nodes: while tasks
-- use it, it keeps its meaning.
CREATE TRIGGER task_priority_before_update BEFORE UPDATE ON task_priority FOR EACH ROW
BEGIN
    IF (NEW.priority <> OLD.priority OR NEW.sort_order <> OLD.sort_order)
       AND EXISTS (SELECT 1 FROM task WHERE priority = OLD.priority FOR SHARE) THEN
        CALL raise_error('reference_in_use', CONCAT('tasks have the priority ', OLD.priority), JSON_OBJECT('priority', OLD.priority));
    END IF;
END
