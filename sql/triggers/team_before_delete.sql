-- What a team gave is taken back by the triggers of team_role, so that has to go first. From
-- then on no task is assigned to it any more; and foreign keys can be switched off.
CREATE TRIGGER team_before_delete BEFORE DELETE ON team FOR EACH ROW
BEGIN
    DELETE FROM team_role WHERE team_id = OLD.id;
    DELETE FROM team_member WHERE team_id = OLD.id;

    IF EXISTS (SELECT 1 FROM task WHERE assignee_team_id = OLD.id FOR SHARE) THEN
        CALL raise_error('team_in_use', CONCAT('tasks are assigned to team ', OLD.id), JSON_OBJECT('team_id', OLD.id));
    END IF;
END
