-- What the members of the team are in the workspace follows.
CREATE TRIGGER team_role_after_delete AFTER DELETE ON team_role FOR EACH ROW
BEGIN
    CALL _derive_memberships(JSON_ARRAY(OLD.workspace_id),
                             (SELECT JSON_ARRAYAGG(user_id) FROM team_member WHERE team_id = OLD.team_id FOR SHARE));
END
