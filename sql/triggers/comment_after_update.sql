-- What it said before is kept; of a deleted comment, only its place.
CREATE TRIGGER comment_after_update AFTER UPDATE ON comment FOR EACH ROW
BEGIN
    IF BINARY NEW.body <> BINARY OLD.body THEN
        CALL _renew_words(NEW.workspace_id, NEW.task_id);
    END IF;

    IF NEW.deleted_at IS NOT NULL THEN
        CALL _empty_comment(OLD.workspace_id, OLD.id);
        CALL _log_change(OLD.workspace_id, 'comment', 'delete', OLD.task_id, NULL,
                         JSON_OBJECT('comment_id', OLD.id, 'version', OLD.version), NULL);
    ELSEIF NEW.version <> OLD.version THEN
        SET @headgate_deriving = TRUE;
        INSERT INTO comment_version (workspace_id, comment_id, version, body, written_at)
        VALUES (OLD.workspace_id, OLD.id, OLD.version, OLD.body, OLD.updated_at);
        SET @headgate_deriving = NULL;

        CALL _derive_mentions(NEW.workspace_id, NEW.id, NEW.body);
        CALL _log_change(OLD.workspace_id, 'comment', 'update', OLD.task_id, NULL,
                         JSON_OBJECT('comment_id', OLD.id, 'version', OLD.version),
                         JSON_OBJECT('comment_id', NEW.id, 'version', NEW.version));
    END IF;
END
