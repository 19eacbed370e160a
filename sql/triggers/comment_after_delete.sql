CREATE TRIGGER comment_after_delete AFTER DELETE ON comment FOR EACH ROW
BEGIN
    CALL _renew_words(OLD.workspace_id, OLD.task_id);
    CALL _log_change(OLD.workspace_id, 'comment', 'delete', OLD.task_id, NULL,
                     JSON_OBJECT('comment_id', OLD.id, 'version', OLD.version), NULL);
END
