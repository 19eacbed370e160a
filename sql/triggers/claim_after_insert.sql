-- Carry it over to the derived row, by which the triggers of task know of it.
CREATE TRIGGER claim_after_insert AFTER INSERT ON claim FOR EACH ROW
BEGIN
    SET @headgate_deriving = TRUE;
    UPDATE node SET is_claimed = TRUE WHERE task_id = NEW.task_id;
    SET @headgate_deriving = NULL;
END
