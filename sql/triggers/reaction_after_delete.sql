CREATE TRIGGER reaction_after_delete AFTER DELETE ON reaction FOR EACH ROW
BEGIN
    CALL _log_reaction('delete', OLD.workspace_id, OLD.comment_id, OLD.kind, OLD.user_id);
END
