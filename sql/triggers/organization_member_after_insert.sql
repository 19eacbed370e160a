-- What the organization gives in its workspaces follows.
CREATE TRIGGER organization_member_after_insert AFTER INSERT ON organization_member FOR EACH ROW
BEGIN
    CALL _derive_memberships((SELECT JSON_ARRAYAGG(workspace_id)
                                FROM organization_workspace
                               WHERE organization_id = NEW.organization_id FOR SHARE),
                             JSON_ARRAY(NEW.user_id));
    CALL _log_security_event('organization_member_added', NEW.user_id, NULL, @headgate_actor_id, NULL, NULL,
                             JSON_OBJECT('organization_id', NEW.organization_id, 'role', NEW.role));
END
