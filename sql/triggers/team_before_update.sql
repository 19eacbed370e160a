-- A team stays in its organization.
CREATE TRIGGER team_before_update BEFORE UPDATE ON team FOR EACH ROW
BEGIN
    IF NEW.id <> OLD.id OR NEW.organization_id <> OLD.organization_id THEN
        CALL raise_error('immutable_column', 'only the name of a team changes', JSON_OBJECT('team_id', OLD.id));
    END IF;
END
