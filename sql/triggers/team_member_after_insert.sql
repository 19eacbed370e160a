-- What the team gives in workspaces follows.
CREATE TRIGGER team_member_after_insert AFTER INSERT ON team_member FOR EACH ROW
BEGIN
    CALL _derive_memberships((SELECT JSON_ARRAYAGG(workspace_id) FROM team_role WHERE team_id = NEW.team_id FOR SHARE),
                             JSON_ARRAY(NEW.user_id));
END
