CREATE TRIGGER attachment_after_update AFTER UPDATE ON attachment FOR EACH ROW
BEGIN
    UPDATE stored_file SET attachment_id = NEW.id, version = NEW.version WHERE id = NEW.file_id;

    CALL _log_change(NEW.workspace_id, 'attachment', 'update', NEW.task_id, NULL,
                     _attachment_row(OLD.id, OLD.name, OLD.version, OLD.file_id),
                     _attachment_row(NEW.id, NEW.name, NEW.version, NEW.file_id));
END
