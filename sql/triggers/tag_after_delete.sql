CREATE TRIGGER tag_after_delete AFTER DELETE ON tag FOR EACH ROW
BEGIN
    CALL _log_change(OLD.workspace_id, 'tag', 'delete', OLD.task_id, NULL, JSON_OBJECT('name', OLD.name), NULL);
END
