-- A file goes from pending over kept to dropped, of one that is kept nothing changes, and as long as an attachment
-- has it, it is kept.
CREATE TRIGGER stored_file_before_update BEFORE UPDATE ON stored_file FOR EACH ROW
BEGIN
    IF NEW.id <> OLD.id OR NEW.workspace_id <> OLD.workspace_id OR NEW.storage_key <> OLD.storage_key
       OR NEW.task_id <> OLD.task_id OR NEW.name <> OLD.name OR NOT NEW.created_by <=> OLD.created_by
       OR NEW.created_at <> OLD.created_at
       OR (OLD.state <> 'pending'
           AND (NEW.size_bytes <> OLD.size_bytes OR NOT NEW.sha256 <=> OLD.sha256 OR NOT NEW.media_type <=> OLD.media_type)) THEN
        CALL raise_error('immutable_column', 'what a stored file is never changes', JSON_OBJECT('file_id', OLD.id));
    END IF;

    IF NEW.state + 0 < OLD.state + 0 OR (NEW.state = 'kept') <> (NEW.collect_at IS NULL)
       OR (NEW.state = 'kept' AND (NEW.sha256 IS NULL OR NEW.media_type IS NULL OR NEW.kept_at IS NULL))
       OR (NEW.state = 'dropped' AND OLD.state = 'kept'
           AND EXISTS (SELECT 1 FROM attachment WHERE id = OLD.attachment_id FOR SHARE)) THEN
        CALL raise_error('file_in_use', CONCAT('file ', OLD.id, ' is ', OLD.state, ' and cannot be ', NEW.state),
                         JSON_OBJECT('file_id', OLD.id));
    END IF;
END
