-- Only the role of a team in a workspace changes.
CREATE TRIGGER team_role_before_update BEFORE UPDATE ON team_role FOR EACH ROW
BEGIN
    DECLARE v_organization_id BIGINT UNSIGNED;
    DECLARE v_workspace_id    BIGINT UNSIGNED;

    IF NEW.workspace_id <> OLD.workspace_id OR NEW.team_id <> OLD.team_id THEN
        CALL raise_error('immutable_column', 'only the role of a team changes', JSON_OBJECT('team_id', OLD.team_id));
    END IF;

    SELECT organization.id
      INTO v_organization_id
      FROM team
      JOIN organization ON organization.id = team.organization_id
     WHERE team.id = OLD.team_id
       FOR UPDATE OF organization;

    SELECT id INTO v_workspace_id FROM workspace WHERE id = OLD.workspace_id FOR UPDATE;

    CALL _check_role(NEW.role);
END
