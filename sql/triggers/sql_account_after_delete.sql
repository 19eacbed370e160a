-- See sql_account_after_insert.
CREATE TRIGGER sql_account_after_delete AFTER DELETE ON sql_account FOR EACH ROW
BEGIN
    CALL _log_security_event('sql_account_removed', OLD.user_id, NULL, NULL, NULL, NULL, JSON_OBJECT('login', OLD.login));
END
