-- Carry it over to the derived row.
CREATE TRIGGER claim_after_delete AFTER DELETE ON claim FOR EACH ROW
BEGIN
    SET @headgate_deriving = TRUE;
    UPDATE node SET is_claimed = FALSE WHERE task_id = OLD.task_id;
    SET @headgate_deriving = NULL;
END
