-- Whoever changes a workspace locks its row first; no comment hangs in the air, and
-- whoever is said to have written it belongs here.
CREATE TRIGGER comment_before_insert BEFORE INSERT ON comment FOR EACH ROW
BEGIN
    DECLARE v_workspace_id BIGINT UNSIGNED;

    SELECT id INTO v_workspace_id FROM workspace WHERE id = NEW.workspace_id FOR UPDATE;

    IF NOT EXISTS (SELECT 1 FROM task WHERE workspace_id = NEW.workspace_id AND id = NEW.task_id FOR SHARE) THEN
        CALL raise_error('task_not_found', CONCAT('no task ', NEW.task_id, ' in workspace ', NEW.workspace_id),
                         JSON_OBJECT('task_id', NEW.task_id));
    END IF;

    IF NEW.author_id IS NOT NULL
       AND NOT EXISTS (SELECT 1 FROM membership WHERE workspace_id = NEW.workspace_id AND user_id = NEW.author_id FOR SHARE) THEN
        CALL raise_error('member_not_found', CONCAT('user ', NEW.author_id, ' is not a member of the workspace'),
                         JSON_OBJECT('user_id', NEW.author_id, 'workspace_id', NEW.workspace_id));
    END IF;

    CALL _check_comment(NEW.body);

    SET NEW.version    = 1;
    SET NEW.updated_at = NEW.created_at;
    SET NEW.deleted_at = NULL;
END
