-- An organization keeps its owner, and so it stays.
CREATE TRIGGER organization_before_delete BEFORE DELETE ON organization FOR EACH ROW
BEGIN
    IF EXISTS (SELECT 1 FROM organization_member WHERE organization_id = OLD.id FOR SHARE) THEN
        CALL raise_error('last_owner', 'an organization with members stays', JSON_OBJECT('organization_id', OLD.id));
    END IF;
END
