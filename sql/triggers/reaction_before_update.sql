-- A reaction is put on or taken off, never rewritten: so the log needs two kinds only.
CREATE TRIGGER reaction_before_update BEFORE UPDATE ON reaction FOR EACH ROW
BEGIN
    CALL raise_error('immutable_column', 'take the reaction off and put another one on',
                     JSON_OBJECT('comment_id', OLD.comment_id));
END
