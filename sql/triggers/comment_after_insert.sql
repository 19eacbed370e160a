CREATE TRIGGER comment_after_insert AFTER INSERT ON comment FOR EACH ROW
BEGIN
    CALL _renew_words(NEW.workspace_id, NEW.task_id);
    CALL _derive_mentions(NEW.workspace_id, NEW.id, NEW.body);

    -- Never what it says: the log is for ever, and a comment can be deleted.
    CALL _log_change(NEW.workspace_id, 'comment', 'insert', NEW.task_id, NULL,
                     NULL, JSON_OBJECT('comment_id', NEW.id, 'version', NEW.version));
END
