CREATE TRIGGER workspace_after_update AFTER UPDATE ON workspace FOR EACH ROW
BEGIN
    IF BINARY NEW.name <> BINARY OLD.name THEN
        CALL _log_change(NEW.id, 'workspace', 'update', NULL, NULL,
                         JSON_OBJECT('name', OLD.name), JSON_OBJECT('name', NEW.name));
    END IF;
END
