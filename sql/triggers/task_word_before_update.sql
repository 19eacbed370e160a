-- The index of words is derived: only our own triggers and procedures, which say so in
-- @headgate_deriving, may write it.
CREATE TRIGGER task_word_before_update BEFORE UPDATE ON task_word FOR EACH ROW
BEGIN
    IF @headgate_deriving IS NULL THEN
        CALL raise_error('derived_row', 'task_word is derived from tasks; rebuild_workspace recomputes it',
                         JSON_OBJECT('task_id', NEW.task_id));
    END IF;
END
