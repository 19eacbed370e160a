-- An organization keeps at least one owner, unless it is only that owner and about to be deleted.
CREATE TRIGGER organization_member_before_delete BEFORE DELETE ON organization_member FOR EACH ROW
BEGIN
    DECLARE v_organization_id BIGINT UNSIGNED;

    SELECT id INTO v_organization_id FROM organization WHERE id = OLD.organization_id FOR UPDATE;

    IF OLD.role = 'owner'
       AND NOT EXISTS (SELECT 1 FROM organization_member
                        WHERE organization_id = OLD.organization_id AND role = 'owner' AND user_id <> OLD.user_id
                          FOR SHARE)
       AND (EXISTS (SELECT 1 FROM organization_member
                     WHERE organization_id = OLD.organization_id AND user_id <> OLD.user_id
                       FOR SHARE)
            OR EXISTS (SELECT 1 FROM organization_workspace WHERE organization_id = OLD.organization_id FOR SHARE)) THEN
        CALL raise_error('last_owner', 'name another owner first', JSON_OBJECT('organization_id', OLD.organization_id));
    END IF;
END
