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

    -- A key must not outlive its maker's right to make it. A key that is itself given another role goes on.
    IF NOT EXISTS (SELECT 1 FROM role_permission WHERE role = NEW.role AND permission = 'administer')
       AND NOT EXISTS (SELECT 1 FROM api_key WHERE user_id = NEW.user_id) THEN
        CALL _revoke_api_keys(NEW.workspace_id, NEW.user_id);
    END IF;
END
