CREATE TRIGGER attachment_after_insert AFTER INSERT ON attachment FOR EACH ROW
BEGIN
    UPDATE stored_file SET attachment_id = NEW.id, version = NEW.version WHERE id = NEW.file_id;

    CALL _log_change(NEW.workspace_id, 'attachment', 'insert', NEW.task_id, NULL, NULL,
                     _attachment_row(NEW.id, NEW.name, NEW.version, NEW.file_id));
END
