-- Whoever changes the people of an organization locks its row first, then the workspace.
CREATE TRIGGER team_role_before_delete BEFORE DELETE ON team_role FOR EACH ROW
BEGIN
    DECLARE v_organization_id BIGINT UNSIGNED;
    DECLARE v_workspace_id    BIGINT UNSIGNED;

    SELECT organization.id
      INTO v_organization_id
      FROM team
      JOIN organization ON organization.id = team.organization_id
     WHERE team.id = OLD.team_id
       FOR UPDATE OF organization;

    SELECT id INTO v_workspace_id FROM workspace WHERE id = OLD.workspace_id FOR UPDATE;
END
