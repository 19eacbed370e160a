-- The row is the only one that knows where the bytes are: it goes after them.
CREATE TRIGGER stored_file_before_delete BEFORE DELETE ON stored_file FOR EACH ROW
BEGIN
    IF OLD.state <> 'dropped' THEN
        CALL raise_error('file_in_use', CONCAT('file ', OLD.id, ' is ', OLD.state), JSON_OBJECT('file_id', OLD.id));
    END IF;
END
