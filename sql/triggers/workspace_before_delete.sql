-- The log of a workspace is kept for ever, and so is the workspace. The foreign
-- key of the log says so too, but a session can switch that off.
CREATE TRIGGER workspace_before_delete BEFORE DELETE ON workspace FOR EACH ROW
BEGIN
    CALL raise_error('log_append_only', 'a workspace stays, for its history does', JSON_OBJECT('workspace_id', OLD.id));
END
