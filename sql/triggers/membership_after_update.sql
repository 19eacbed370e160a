-- See membership_after_insert.
CREATE TRIGGER membership_after_update AFTER UPDATE ON membership FOR EACH ROW
BEGIN
    IF NEW.role <> OLD.role THEN
        CALL _log_change(NEW.workspace_id, 'membership', 'update', NULL, NULL,
                         JSON_OBJECT('user_id', OLD.user_id, 'role', OLD.role),
                         JSON_OBJECT('user_id', NEW.user_id, 'role', NEW.role));
    END IF;
END
