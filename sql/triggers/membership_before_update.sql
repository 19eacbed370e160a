-- A workspace keeps at least one owner, and knows no other roles than there are.
CREATE TRIGGER membership_before_update BEFORE UPDATE ON membership FOR EACH ROW
BEGIN
    DECLARE v_workspace_id BIGINT UNSIGNED;

    IF NEW.workspace_id <> OLD.workspace_id OR NEW.user_id <> OLD.user_id THEN
        CALL raise_error('immutable_column', 'only the role of a membership changes', NULL);
    END IF;

    SELECT id INTO v_workspace_id FROM workspace WHERE id = OLD.workspace_id FOR UPDATE;

    IF NOT EXISTS (SELECT 1 FROM role WHERE BINARY role = BINARY NEW.role) THEN
        CALL raise_error('invalid_request', CONCAT('no role ', NEW.role),
                         JSON_OBJECT('errors', JSON_OBJECT('role', JSON_ARRAY('no such role'))));
    END IF;

    IF OLD.role = 'owner' AND NEW.role <> 'owner'
       AND NOT EXISTS (SELECT 1 FROM membership
                        WHERE workspace_id = OLD.workspace_id AND role = 'owner' AND user_id <> OLD.user_id
                          FOR SHARE) THEN
        CALL raise_error('last_owner', 'name another owner first', JSON_OBJECT('workspace_id', OLD.workspace_id));
    END IF;

    IF NEW.role = 'owner' AND EXISTS (SELECT 1 FROM api_key WHERE user_id = NEW.user_id FOR SHARE) THEN
        CALL raise_error('api_key_bound', 'an API key owns no workspace', JSON_OBJECT('user_id', NEW.user_id));
    END IF;
END
