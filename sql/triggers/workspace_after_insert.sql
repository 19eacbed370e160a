-- Creating a workspace is its revision 1.
CREATE TRIGGER workspace_after_insert AFTER INSERT ON workspace FOR EACH ROW
BEGIN
    CALL _log_change(NEW.id, 'workspace', 'insert', NULL, NULL, NULL, JSON_OBJECT('name', NEW.name));
END
