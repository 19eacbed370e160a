-- What the members of the team are in the workspace follows.
CREATE TRIGGER team_role_after_insert AFTER INSERT ON team_role FOR EACH ROW
BEGIN
    CALL _derive_memberships(JSON_ARRAY(NEW.workspace_id),
                             (SELECT JSON_ARRAYAGG(user_id) FROM team_member WHERE team_id = NEW.team_id FOR SHARE));
END
