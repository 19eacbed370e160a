-- An attachment changes by one more version and in no other way.
CREATE TRIGGER attachment_before_update BEFORE UPDATE ON attachment FOR EACH ROW
BEGIN
    DECLARE v_workspace_id BIGINT UNSIGNED;

    SELECT id INTO v_workspace_id FROM workspace WHERE id = OLD.workspace_id FOR UPDATE;

    IF NEW.id <> OLD.id OR NEW.workspace_id <> OLD.workspace_id OR NEW.task_id <> OLD.task_id OR NEW.name <> OLD.name
       OR NEW.created_at <> OLD.created_at OR NEW.version <> OLD.version + 1 OR NEW.file_id = OLD.file_id THEN
        CALL raise_error('immutable_column', 'an attachment is given another version and changes in no other way',
                         JSON_OBJECT('attachment_id', OLD.id));
    END IF;

    CALL _check_file(NEW.workspace_id, NEW.file_id);
END
