-- See organization_member_after_insert.
CREATE TRIGGER organization_member_after_update AFTER UPDATE ON organization_member FOR EACH ROW
BEGIN
    IF NEW.role <> OLD.role THEN
        CALL _derive_memberships((SELECT JSON_ARRAYAGG(workspace_id)
                                    FROM organization_workspace
                                   WHERE organization_id = NEW.organization_id FOR SHARE),
                                 JSON_ARRAY(NEW.user_id));
        CALL _log_security_event('organization_role_changed', NEW.user_id, NULL, @headgate_actor_id, NULL, NULL,
                                 JSON_OBJECT('organization_id', NEW.organization_id, 'from', OLD.role, 'to', NEW.role));
    END IF;
END
