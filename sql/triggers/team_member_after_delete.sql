-- What the team gives in workspaces follows.
CREATE TRIGGER team_member_after_delete AFTER DELETE ON team_member FOR EACH ROW
BEGIN
    CALL _derive_memberships((SELECT JSON_ARRAYAGG(workspace_id) FROM team_role WHERE team_id = OLD.team_id FOR SHARE),
                             JSON_ARRAY(OLD.user_id));
END
