-- Whoever changes a workspace locks its row first; and who belongs to it exists,
-- in a role that exists, even for a session that has switched foreign keys off.
CREATE TRIGGER membership_before_insert BEFORE INSERT ON membership FOR EACH ROW
BEGIN
    DECLARE v_workspace_id BIGINT UNSIGNED;

    SELECT id INTO v_workspace_id FROM workspace WHERE id = NEW.workspace_id FOR UPDATE;

    IF v_workspace_id IS NULL THEN
        CALL raise_error('workspace_not_found', CONCAT('no workspace ', NEW.workspace_id),
                         JSON_OBJECT('workspace_id', NEW.workspace_id));
    END IF;

    IF NOT EXISTS (SELECT 1 FROM app_user WHERE id = NEW.user_id FOR SHARE) THEN
        CALL raise_error('user_not_found', CONCAT('no user ', NEW.user_id), JSON_OBJECT('user_id', NEW.user_id));
    END IF;

    IF NOT EXISTS (SELECT 1 FROM role WHERE BINARY role = BINARY NEW.role) THEN
        CALL raise_error('invalid_request', CONCAT('no role ', NEW.role),
                         JSON_OBJECT('errors', JSON_OBJECT('role', JSON_ARRAY('no such role'))));
    END IF;

    IF EXISTS (SELECT 1 FROM api_key
                WHERE user_id = NEW.user_id
                  AND (workspace_id <> NEW.workspace_id OR revoked_at IS NOT NULL OR NEW.role = 'owner')
                  FOR SHARE) THEN
        CALL raise_error('api_key_bound', 'an API key belongs to the workspace it was made for, and owns none',
                         JSON_OBJECT('user_id', NEW.user_id));
    END IF;
END
