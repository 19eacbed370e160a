-- Whoever changes a workspace locks its row first; and no tag hangs in the air,
-- even for a session that has switched foreign keys off.
CREATE TRIGGER tag_before_insert BEFORE INSERT ON tag FOR EACH ROW
BEGIN
    DECLARE v_workspace_id BIGINT UNSIGNED;

    SELECT id INTO v_workspace_id FROM workspace WHERE id = NEW.workspace_id FOR UPDATE;

    IF NOT EXISTS (SELECT 1 FROM task WHERE workspace_id = NEW.workspace_id AND id = NEW.task_id FOR SHARE) THEN
        CALL raise_error('task_not_found', CONCAT('no task ', NEW.task_id, ' in workspace ', NEW.workspace_id),
                         JSON_OBJECT('task_id', NEW.task_id));
    END IF;
END
