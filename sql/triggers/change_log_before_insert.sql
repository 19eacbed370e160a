-- A line of history is written by _log_change, together with the revision that it
-- explains.
CREATE TRIGGER change_log_before_insert BEFORE INSERT ON change_log FOR EACH ROW
BEGIN
    IF @headgate_deriving IS NULL THEN
        CALL raise_error('derived_row', 'the change log is written by the triggers of what changed', NULL);
    END IF;
END
