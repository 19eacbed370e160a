-- An organization keeps at least one owner.
CREATE TRIGGER organization_member_before_update BEFORE UPDATE ON organization_member FOR EACH ROW
BEGIN
    DECLARE v_organization_id BIGINT UNSIGNED;

    IF NEW.organization_id <> OLD.organization_id OR NEW.user_id <> OLD.user_id THEN
        CALL raise_error('immutable_column', 'only the role of a member of an organization changes', NULL);
    END IF;

    SELECT id INTO v_organization_id FROM organization WHERE id = OLD.organization_id FOR UPDATE;

    CALL _check_role(NEW.role);

    IF OLD.role = 'owner' AND NEW.role <> 'owner'
       AND NOT EXISTS (SELECT 1 FROM organization_member
                        WHERE organization_id = OLD.organization_id AND role = 'owner' AND user_id <> OLD.user_id
                          FOR SHARE) THEN
        CALL raise_error('last_owner', 'name another owner first', JSON_OBJECT('organization_id', OLD.organization_id));
    END IF;
END
