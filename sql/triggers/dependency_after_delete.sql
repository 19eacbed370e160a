CREATE TRIGGER dependency_after_delete AFTER DELETE ON dependency FOR EACH ROW
BEGIN
    DECLARE v_is_open BOOLEAN;

    CALL _log_change(OLD.workspace_id, 'dependency', 'delete', OLD.task_id, OLD.depends_on_id, NULL, NULL);

    SELECT is_open INTO v_is_open FROM node WHERE task_id = OLD.depends_on_id FOR SHARE;

    IF v_is_open THEN
        SET @headgate_deriving = TRUE;
        UPDATE node SET waiting_for = waiting_for - 1 WHERE task_id = OLD.task_id;
        SET @headgate_deriving = NULL;

        -- It was the last open one.
        INSERT INTO unblocking (workspace_id, revision, task_id)
        SELECT OLD.workspace_id, @headgate_revision, task_id FROM node WHERE task_id = OLD.task_id AND readiness = 'ready';
    END IF;
END
