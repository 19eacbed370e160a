-- A tag is put on or taken off, never rewritten: so the log needs two kinds only.
CREATE TRIGGER tag_before_update BEFORE UPDATE ON tag FOR EACH ROW
BEGIN
    CALL raise_error('immutable_column', 'take the tag off and put another one on', JSON_OBJECT('task_id', OLD.task_id));
END
