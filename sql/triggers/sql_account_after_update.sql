-- See sql_account_after_insert. Told to both whom it speaks for and whom it spoke for.
CREATE TRIGGER sql_account_after_update AFTER UPDATE ON sql_account FOR EACH ROW
BEGIN
    IF NOT NEW.user_id <=> OLD.user_id OR NEW.login <> OLD.login THEN
        CALL _log_security_event('sql_account_removed', OLD.user_id, NULL, NULL, NULL, NULL, JSON_OBJECT('login', OLD.login));
        CALL _log_security_event('sql_account_added', NEW.user_id, NULL, NULL, NULL, NULL, JSON_OBJECT('login', NEW.login));
    END IF;
END
