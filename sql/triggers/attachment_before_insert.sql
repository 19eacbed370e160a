-- Whoever changes a workspace locks its row first. What hangs on a task is a file of the task's workspace whose
-- bytes are stored and which nothing else has.
CREATE TRIGGER attachment_before_insert BEFORE INSERT ON attachment FOR EACH ROW
BEGIN
    DECLARE v_workspace_id BIGINT UNSIGNED;

    SELECT id INTO v_workspace_id FROM workspace WHERE id = NEW.workspace_id FOR UPDATE;

    IF NOT EXISTS (SELECT 1 FROM task WHERE workspace_id = NEW.workspace_id AND id = NEW.task_id FOR SHARE) THEN
        CALL raise_error('task_not_found', CONCAT('no task ', NEW.task_id, ' in workspace ', NEW.workspace_id),
                         JSON_OBJECT('task_id', NEW.task_id));
    END IF;

    CALL _check_file(NEW.workspace_id, NEW.file_id);
END
