-- Whoever changes a workspace locks its row first; a reaction is one of those that there
-- are, to a comment that still says something, by somebody who belongs here.
CREATE TRIGGER reaction_before_insert BEFORE INSERT ON reaction FOR EACH ROW
BEGIN
    DECLARE v_workspace_id BIGINT UNSIGNED;
    DECLARE v_is_deleted   BOOLEAN;

    SELECT id INTO v_workspace_id FROM workspace WHERE id = NEW.workspace_id FOR UPDATE;

    SELECT deleted_at IS NOT NULL
      INTO v_is_deleted
      FROM comment
     WHERE workspace_id = NEW.workspace_id AND id = NEW.comment_id
       FOR SHARE;

    IF v_is_deleted IS NULL THEN
        CALL raise_error('comment_not_found', CONCAT('no comment ', NEW.comment_id), JSON_OBJECT('comment_id', NEW.comment_id));
    END IF;

    IF v_is_deleted THEN
        CALL raise_error('comment_deleted', CONCAT('comment ', NEW.comment_id, ' was deleted'),
                         JSON_OBJECT('comment_id', NEW.comment_id));
    END IF;

    CALL _check_reaction(NEW.kind);

    IF NOT EXISTS (SELECT 1 FROM membership WHERE workspace_id = NEW.workspace_id AND user_id = NEW.user_id FOR SHARE) THEN
        CALL raise_error('member_not_found', CONCAT('user ', NEW.user_id, ' is not a member of the workspace'),
                         JSON_OBJECT('user_id', NEW.user_id, 'workspace_id', NEW.workspace_id));
    END IF;
END
