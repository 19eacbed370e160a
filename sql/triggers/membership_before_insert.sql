-- Whoever changes a workspace locks its row first; and who belongs to it exists,
-- even for a session that has switched foreign keys off. What they are there is
-- worked out here: nobody writes it.
CREATE TRIGGER membership_before_insert BEFORE INSERT ON membership FOR EACH ROW
BEGIN
    DECLARE v_workspace_id BIGINT UNSIGNED;
    DECLARE v_role         VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin;

    SELECT id INTO v_workspace_id FROM workspace WHERE id = NEW.workspace_id FOR UPDATE;

    IF v_workspace_id IS NULL THEN
        CALL raise_error('workspace_not_found', CONCAT('no workspace ', NEW.workspace_id),
                         JSON_OBJECT('workspace_id', NEW.workspace_id));
    END IF;

    IF NOT EXISTS (SELECT 1 FROM app_user WHERE id = NEW.user_id FOR SHARE) THEN
        CALL raise_error('user_not_found', CONCAT('no user ', NEW.user_id), JSON_OBJECT('user_id', NEW.user_id));
    END IF;

    IF NEW.direct_role IS NOT NULL THEN
        CALL _check_role(NEW.direct_role);
        CALL _check_guest(NEW.workspace_id, NEW.user_id, NEW.direct_role);
    END IF;

    SET v_role = _effective_role(NEW.workspace_id, NEW.user_id, NEW.direct_role);

    IF v_role IS NULL THEN
        CALL raise_error('derived_row', 'a member has a direct_role, or one by a team or the organization', NULL);
    END IF;

    SET NEW.role = v_role;

    IF EXISTS (SELECT 1 FROM api_key
                WHERE user_id = NEW.user_id
                  AND (workspace_id <> NEW.workspace_id OR revoked_at IS NOT NULL OR NEW.role = 'owner')
                  FOR SHARE) THEN
        CALL raise_error('api_key_bound', 'an API key belongs to the workspace it was made for, and owns none',
                         JSON_OBJECT('user_id', NEW.user_id));
    END IF;
END
