-- A workspace keeps at least one owner, a personal one its user as such, and knows
-- no other roles than there are.
-- What is given is direct_role; role follows.
CREATE TRIGGER membership_before_update BEFORE UPDATE ON membership FOR EACH ROW
BEGIN
    DECLARE v_workspace_id     BIGINT UNSIGNED;
    DECLARE v_personal_user_id BIGINT UNSIGNED;
    DECLARE v_role             VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin;

    IF NEW.workspace_id <> OLD.workspace_id OR NEW.user_id <> OLD.user_id THEN
        CALL raise_error('immutable_column', 'only the role of a membership changes', NULL);
    END IF;

    SELECT id, personal_user_id INTO v_workspace_id, v_personal_user_id FROM workspace WHERE id = OLD.workspace_id FOR UPDATE;

    -- A row that is only touched, for its role to be worked out anew, keeps what was given.
    IF NEW.direct_role IS NOT NULL AND NOT BINARY NEW.direct_role <=> BINARY OLD.direct_role THEN
        CALL _check_role(NEW.direct_role);
        CALL _check_guest(NEW.workspace_id, NEW.user_id, NEW.direct_role);
    END IF;

    SET v_role = _effective_role(NEW.workspace_id, NEW.user_id, NEW.direct_role);

    IF v_role IS NULL OR BINARY NEW.role <> BINARY OLD.role AND NEW.role <> v_role THEN
        CALL raise_error('derived_row', 'set direct_role, from which the role follows; or delete the membership', NULL);
    END IF;

    SET NEW.role = v_role;

    IF OLD.role = 'owner' AND NEW.role <> 'owner'
       AND NOT EXISTS (SELECT 1 FROM membership
                        WHERE workspace_id = OLD.workspace_id AND role = 'owner' AND user_id <> OLD.user_id
                          FOR SHARE) THEN
        CALL raise_error('last_owner', 'name another owner first', JSON_OBJECT('workspace_id', OLD.workspace_id));
    END IF;

    IF v_personal_user_id = OLD.user_id AND NOT NEW.direct_role <=> 'owner' THEN
        CALL raise_error('workspace_personal', CONCAT('workspace ', OLD.workspace_id, ' is a personal one: its user owns it'),
                         JSON_OBJECT('workspace_id', OLD.workspace_id));
    END IF;

    IF NEW.role = 'owner' AND EXISTS (SELECT 1 FROM api_key WHERE user_id = NEW.user_id FOR SHARE) THEN
        CALL raise_error('api_key_bound', 'an API key owns no workspace', JSON_OBJECT('user_id', NEW.user_id));
    END IF;
END
