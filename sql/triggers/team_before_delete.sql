-- What a team gave is taken back by the triggers of team_role, so that has to go first.
CREATE TRIGGER team_before_delete BEFORE DELETE ON team FOR EACH ROW
BEGIN
    DELETE FROM team_role WHERE team_id = OLD.id;
    DELETE FROM team_member WHERE team_id = OLD.id;
END
