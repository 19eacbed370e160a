-- A new door for somebody, or for anybody: whoever reads the log finds it there.
CREATE TRIGGER sql_account_after_insert AFTER INSERT ON sql_account FOR EACH ROW
BEGIN
    CALL _log_security_event('sql_account_added', NEW.user_id, NULL, NULL, NULL, NULL, JSON_OBJECT('login', NEW.login));
END
