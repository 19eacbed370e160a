-- A workspace keeps at least one owner, a personal one its user; and who is there
-- by a team or by the organization stays as long as that is so.
CREATE TRIGGER membership_before_delete BEFORE DELETE ON membership FOR EACH ROW
BEGIN
    DECLARE v_workspace_id     BIGINT UNSIGNED;
    DECLARE v_personal_user_id BIGINT UNSIGNED;

    SELECT id, personal_user_id INTO v_workspace_id, v_personal_user_id FROM workspace WHERE id = OLD.workspace_id FOR UPDATE;

    IF _effective_role(OLD.workspace_id, OLD.user_id, NULL) IS NOT NULL THEN
        CALL raise_error('role_inherited', 'take the user out of the team or the organization',
                         JSON_OBJECT('workspace_id', OLD.workspace_id, 'user_id', OLD.user_id));
    END IF;

    IF OLD.role = 'owner'
       AND NOT EXISTS (SELECT 1 FROM membership
                        WHERE workspace_id = OLD.workspace_id AND role = 'owner' AND user_id <> OLD.user_id
                          FOR SHARE) THEN
        CALL raise_error('last_owner', 'name another owner first', JSON_OBJECT('workspace_id', OLD.workspace_id));
    END IF;

    IF v_personal_user_id = OLD.user_id THEN
        CALL raise_error('workspace_personal', CONCAT('workspace ', OLD.workspace_id, ' is a personal one: its user owns it'),
                         JSON_OBJECT('workspace_id', OLD.workspace_id));
    END IF;
END
