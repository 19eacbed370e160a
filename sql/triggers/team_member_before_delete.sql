-- Whoever changes the people of an organization locks its row first.
CREATE TRIGGER team_member_before_delete BEFORE DELETE ON team_member FOR EACH ROW
BEGIN
    DECLARE v_organization_id BIGINT UNSIGNED;

    SELECT organization.id
      INTO v_organization_id
      FROM team
      JOIN organization ON organization.id = team.organization_id
     WHERE team.id = OLD.team_id
       FOR UPDATE OF organization;
END
