-- Derived: kept by the triggers of comment.
CREATE TRIGGER mention_before_insert BEFORE INSERT ON mention FOR EACH ROW
BEGIN
    IF @headgate_deriving IS NULL THEN
        CALL raise_error('derived_row', 'whom a comment mentions follows from the comment',
                         JSON_OBJECT('comment_id', NEW.comment_id));
    END IF;
END
