-- Only the name of a workspace changes, and how much room its attachments may take.
CREATE TRIGGER workspace_before_update BEFORE UPDATE ON workspace FOR EACH ROW
BEGIN
    IF NEW.id <> OLD.id OR NOT NEW.personal_user_id <=> OLD.personal_user_id OR NEW.created_at <> OLD.created_at THEN
        CALL raise_error('immutable_column', 'only the name of a workspace changes, and its quota', JSON_OBJECT('workspace_id', OLD.id));
    END IF;
END
