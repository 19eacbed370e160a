-- A team has roles in workspaces of its own organization only.
CREATE TRIGGER team_role_before_insert BEFORE INSERT ON team_role FOR EACH ROW
BEGIN
    DECLARE v_organization_id BIGINT UNSIGNED;
    DECLARE v_workspace_id    BIGINT UNSIGNED;

    SELECT organization.id
      INTO v_organization_id
      FROM team
      JOIN organization_workspace ON organization_workspace.organization_id = team.organization_id
      JOIN organization ON organization.id = team.organization_id
     WHERE team.id = NEW.team_id AND organization_workspace.workspace_id = NEW.workspace_id
       FOR UPDATE OF organization;

    IF v_organization_id IS NULL THEN
        CALL raise_error('team_not_found', CONCAT('the organization of the workspace has no team ', NEW.team_id),
                         JSON_OBJECT('team_id', NEW.team_id));
    END IF;

    SELECT id INTO v_workspace_id FROM workspace WHERE id = NEW.workspace_id FOR UPDATE;

    CALL _check_role(NEW.role);
END
