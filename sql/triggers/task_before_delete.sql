-- Nothing may be left hanging on a deleted task. Foreign keys say so too, but a
-- session can switch those off.
CREATE TRIGGER task_before_delete BEFORE DELETE ON task FOR EACH ROW
BEGIN
    DECLARE v_workspace_id BIGINT UNSIGNED;

    SELECT id INTO v_workspace_id FROM workspace WHERE id = OLD.workspace_id FOR UPDATE;

    IF EXISTS (SELECT 1 FROM dependency WHERE workspace_id = OLD.workspace_id AND depends_on_id = OLD.id FOR SHARE) THEN
        CALL raise_error('task_has_dependents', CONCAT('other tasks wait for task ', OLD.id),
                         JSON_OBJECT('task_id', OLD.id));
    END IF;

    IF EXISTS (SELECT 1 FROM dependency WHERE workspace_id = OLD.workspace_id AND task_id = OLD.id FOR SHARE)
       OR EXISTS (SELECT 1 FROM tag WHERE workspace_id = OLD.workspace_id AND task_id = OLD.id FOR SHARE)
       OR EXISTS (SELECT 1 FROM comment WHERE workspace_id = OLD.workspace_id AND task_id = OLD.id FOR SHARE)
       OR EXISTS (SELECT 1 FROM attachment WHERE workspace_id = OLD.workspace_id AND task_id = OLD.id FOR SHARE) THEN
        CALL raise_error('task_in_use',
                         CONCAT('task ', OLD.id, ' still has dependencies, tags, comments or attachments; use delete_task'),
                         JSON_OBJECT('task_id', OLD.id));
    END IF;

    -- A claim goes with its task.
    IF (SELECT is_claimed FROM node WHERE task_id = OLD.id FOR SHARE) THEN
        DELETE FROM claim WHERE task_id = OLD.id;
    END IF;
END
