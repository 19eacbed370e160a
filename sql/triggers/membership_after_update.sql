-- See membership_after_insert.
CREATE TRIGGER membership_after_update AFTER UPDATE ON membership FOR EACH ROW
BEGIN
    IF NEW.role <> OLD.role THEN
        CALL _log_change(NEW.workspace_id, 'membership', 'update', NULL, NULL,
                         JSON_OBJECT('user_id', OLD.user_id, 'role', OLD.role),
                         JSON_OBJECT('user_id', NEW.user_id, 'role', NEW.role));
        CALL _log_security_event('role_changed', NEW.user_id, NEW.workspace_id, @headgate_actor_id, NULL, NULL,
                                 JSON_OBJECT('from', OLD.role, 'to', NEW.role));
    END IF;
END
