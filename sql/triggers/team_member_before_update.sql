CREATE TRIGGER team_member_before_update BEFORE UPDATE ON team_member FOR EACH ROW
BEGIN
    CALL raise_error('immutable_column', 'who is in a team is added and removed', JSON_OBJECT('team_id', OLD.team_id));
END
