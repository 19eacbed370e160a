-- History is only ever added to.
CREATE TRIGGER security_event_before_update BEFORE UPDATE ON security_event FOR EACH ROW
BEGIN
    CALL raise_error('log_append_only', 'security events are never rewritten', NULL);
END
