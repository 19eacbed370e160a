-- A dependency is added or removed, never bent: so there is one way in to guard.
CREATE TRIGGER dependency_before_update BEFORE UPDATE ON dependency FOR EACH ROW
BEGIN
    CALL raise_error('immutable_column', 'remove the dependency and add another one',
                     JSON_OBJECT('task_id', OLD.task_id, 'depends_on_id', OLD.depends_on_id));
END
