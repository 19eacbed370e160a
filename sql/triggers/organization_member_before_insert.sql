-- Whoever changes the people of an organization locks its row first; and who
-- belongs to it exists, in a role that exists, even with foreign keys off.
CREATE TRIGGER organization_member_before_insert BEFORE INSERT ON organization_member FOR EACH ROW
BEGIN
    DECLARE v_organization_id BIGINT UNSIGNED;

    SELECT id INTO v_organization_id FROM organization WHERE id = NEW.organization_id FOR UPDATE;

    IF v_organization_id IS NULL THEN
        CALL raise_error('organization_not_found', CONCAT('no organization ', NEW.organization_id),
                         JSON_OBJECT('organization_id', NEW.organization_id));
    END IF;

    IF NOT EXISTS (SELECT 1 FROM app_user WHERE id = NEW.user_id FOR SHARE) THEN
        CALL raise_error('user_not_found', CONCAT('no user ', NEW.user_id), JSON_OBJECT('user_id', NEW.user_id));
    END IF;

    IF EXISTS (SELECT 1 FROM api_key WHERE user_id = NEW.user_id FOR SHARE) THEN
        CALL raise_error('api_key_bound', 'an API key belongs to its workspace only', JSON_OBJECT('user_id', NEW.user_id));
    END IF;

    CALL _check_role(NEW.role);
END
