-- History is only ever added to.
CREATE TRIGGER change_log_before_update BEFORE UPDATE ON change_log FOR EACH ROW
BEGIN
    CALL raise_error('log_append_only', 'the change log is never rewritten', NULL);
END
