-- Only what a comment says changes, until it is deleted: then nothing does.
CREATE TRIGGER comment_before_update BEFORE UPDATE ON comment FOR EACH ROW
BEGIN
    DECLARE v_workspace_id BIGINT UNSIGNED;

    IF NEW.id <> OLD.id OR NEW.workspace_id <> OLD.workspace_id OR NEW.task_id <> OLD.task_id
       OR NOT NEW.author_id <=> OLD.author_id OR NEW.created_at <> OLD.created_at THEN
        CALL raise_error('immutable_column', 'a comment keeps its id, task, author and time of creation',
                         JSON_OBJECT('comment_id', OLD.id));
    END IF;

    SELECT id INTO v_workspace_id FROM workspace WHERE id = OLD.workspace_id FOR UPDATE;

    IF OLD.deleted_at IS NOT NULL THEN
        CALL raise_error('comment_deleted', CONCAT('comment ', OLD.id, ' was deleted'), JSON_OBJECT('comment_id', OLD.id));
    END IF;

    IF NEW.deleted_at IS NOT NULL THEN
        SET NEW.body       = '';
        SET NEW.version    = OLD.version;
        SET NEW.updated_at = OLD.updated_at;
        SET NEW.deleted_at = CURRENT_TIMESTAMP(6);
    ELSEIF BINARY NEW.body = BINARY OLD.body THEN
        SET NEW.version    = OLD.version;
        SET NEW.updated_at = OLD.updated_at;
    ELSE
        CALL _check_comment(NEW.body);
        SET NEW.version    = OLD.version + 1;
        SET NEW.updated_at = CURRENT_TIMESTAMP(6);
    END IF;
END
