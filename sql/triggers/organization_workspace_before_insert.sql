-- A workspace comes to an organization with nobody in it who may administer it
-- and does not belong there; a personal one not at all.
CREATE TRIGGER organization_workspace_before_insert BEFORE INSERT ON organization_workspace FOR EACH ROW
BEGIN
    DECLARE v_organization_id BIGINT UNSIGNED;
    DECLARE v_workspace_id    BIGINT UNSIGNED;
    DECLARE v_user_id         BIGINT UNSIGNED;

    SELECT id INTO v_organization_id FROM organization WHERE id = NEW.organization_id FOR UPDATE;

    IF v_organization_id IS NULL THEN
        CALL raise_error('organization_not_found', CONCAT('no organization ', NEW.organization_id),
                         JSON_OBJECT('organization_id', NEW.organization_id));
    END IF;

    SELECT id, personal_user_id INTO v_workspace_id, v_user_id FROM workspace WHERE id = NEW.workspace_id FOR UPDATE;

    IF v_workspace_id IS NULL THEN
        CALL raise_error('workspace_not_found', CONCAT('no workspace ', NEW.workspace_id),
                         JSON_OBJECT('workspace_id', NEW.workspace_id));
    END IF;

    IF v_user_id IS NOT NULL THEN
        CALL raise_error('workspace_personal', CONCAT('workspace ', NEW.workspace_id, ' is a personal one'),
                         JSON_OBJECT('workspace_id', NEW.workspace_id));
    END IF;

    IF EXISTS (SELECT 1
                 FROM membership
                 JOIN role_permission ON role_permission.role = membership.direct_role AND role_permission.permission = 'administer'
                 LEFT JOIN organization_member
                        ON organization_member.organization_id = NEW.organization_id
                       AND organization_member.user_id = membership.user_id
                 LEFT JOIN api_key ON api_key.user_id = membership.user_id
                WHERE membership.workspace_id = NEW.workspace_id AND organization_member.user_id IS NULL
                  -- A key is bound to its workspace, and made by who administers it.
                  AND api_key.id IS NULL
                  FOR SHARE) THEN
        CALL raise_error('guest_restricted', 'somebody who administers the workspace does not belong to the organization',
                         JSON_OBJECT('workspace_id', NEW.workspace_id));
    END IF;
END
