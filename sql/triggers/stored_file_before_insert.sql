-- A file begins as an upload: nothing can be said of bytes that are not there yet.
CREATE TRIGGER stored_file_before_insert BEFORE INSERT ON stored_file FOR EACH ROW
BEGIN
    IF NEW.state <> 'pending' OR NEW.attachment_id IS NOT NULL OR NEW.collect_at IS NULL THEN
        CALL raise_error('file_in_use', 'a file begins as an upload that is pending and will be given up at some time', NULL);
    END IF;
END
