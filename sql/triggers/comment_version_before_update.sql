-- Derived: kept by the triggers of comment.
CREATE TRIGGER comment_version_before_update BEFORE UPDATE ON comment_version FOR EACH ROW
BEGIN
    IF @headgate_deriving IS NULL THEN
        CALL raise_error('derived_row', 'what a comment said before follows from the comment',
                         JSON_OBJECT('comment_id', OLD.comment_id));
    END IF;
END
