-- Who leaves an organization leaves its teams and its workspaces: nobody stays
-- behind as a guest who was not asked in as one.
CREATE TRIGGER organization_member_after_delete AFTER DELETE ON organization_member FOR EACH ROW
BEGIN
    DELETE team_member
      FROM team_member
      JOIN team ON team.id = team_member.team_id
     WHERE team.organization_id = OLD.organization_id AND team_member.user_id = OLD.user_id;

    DELETE membership
      FROM membership
      JOIN organization_workspace ON organization_workspace.workspace_id = membership.workspace_id
     WHERE organization_workspace.organization_id = OLD.organization_id AND membership.user_id = OLD.user_id;

    CALL _dismiss_api_keys((SELECT JSON_ARRAYAGG(workspace_id)
                              FROM organization_workspace
                             WHERE organization_id = OLD.organization_id FOR SHARE));

    CALL _log_security_event('organization_member_removed', OLD.user_id, NULL, @headgate_actor_id, NULL, NULL,
                             JSON_OBJECT('organization_id', OLD.organization_id, 'role', OLD.role));
END
