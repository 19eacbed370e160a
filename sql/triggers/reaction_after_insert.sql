CREATE TRIGGER reaction_after_insert AFTER INSERT ON reaction FOR EACH ROW
BEGIN
    CALL _log_reaction('insert', NEW.workspace_id, NEW.comment_id, NEW.kind, NEW.user_id);
END
