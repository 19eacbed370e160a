-- Only the name of an organization changes.
CREATE TRIGGER organization_before_update BEFORE UPDATE ON organization FOR EACH ROW
BEGIN
    IF NEW.id <> OLD.id OR NEW.created_at <> OLD.created_at THEN
        CALL raise_error('immutable_column', 'only the name of an organization changes',
                         JSON_OBJECT('organization_id', OLD.id));
    END IF;
END
