-- What the organization gives in its workspaces follows.
CREATE TRIGGER organization_workspace_after_insert AFTER INSERT ON organization_workspace FOR EACH ROW
BEGIN
    CALL _derive_memberships(JSON_ARRAY(NEW.workspace_id),
                             (SELECT JSON_ARRAYAGG(organization_member.user_id)
                                FROM organization_member
                                JOIN inherited_role ON inherited_role.role = organization_member.role
                               WHERE organization_member.organization_id = NEW.organization_id FOR SHARE));
END
