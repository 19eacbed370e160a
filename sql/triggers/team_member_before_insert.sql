-- Only members of its organization are in a team.
CREATE TRIGGER team_member_before_insert BEFORE INSERT ON team_member FOR EACH ROW
BEGIN
    DECLARE v_organization_id BIGINT UNSIGNED;

    SELECT organization.id
      INTO v_organization_id
      FROM team
      JOIN organization ON organization.id = team.organization_id
     WHERE team.id = NEW.team_id
       FOR UPDATE OF organization;

    IF v_organization_id IS NULL THEN
        CALL raise_error('team_not_found', CONCAT('no team ', NEW.team_id), JSON_OBJECT('team_id', NEW.team_id));
    END IF;

    IF NOT EXISTS (SELECT 1
                     FROM organization_member
                    WHERE organization_id = v_organization_id AND user_id = NEW.user_id
                      FOR SHARE) THEN
        CALL raise_error('member_not_found', CONCAT('user ', NEW.user_id, ' does not belong to the organization'),
                         JSON_OBJECT('user_id', NEW.user_id, 'organization_id', v_organization_id));
    END IF;
END
