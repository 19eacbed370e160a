-- The bytes of all its versions may go. Not here, since what is rolled back must still have them; and not at once, since
-- somebody may be reading them, or making a preview that is to go with them.
CREATE TRIGGER attachment_after_delete AFTER DELETE ON attachment FOR EACH ROW
BEGIN
    CALL _log_change(OLD.workspace_id, 'attachment', 'delete', OLD.task_id, NULL,
                     _attachment_row(OLD.id, OLD.name, OLD.version, OLD.file_id), NULL);

    UPDATE stored_file
       SET state = 'dropped', collect_at = CURRENT_TIMESTAMP(6) + INTERVAL 10 MINUTE
     WHERE attachment_id = OLD.id AND state = 'kept';
END
