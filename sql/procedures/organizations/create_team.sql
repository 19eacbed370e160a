CREATE PROCEDURE create_team (
    IN p_actor_id        BIGINT UNSIGNED,
    IN p_organization_id BIGINT UNSIGNED,
    IN p_name            VARCHAR(64)
)
    COMMENT '
Create a team in an organization.

Parameters
  p_actor_id         the user who asks; NULL for the one that the SQL login is bound to
  p_organization_id  the organization
  p_name             what people call it, in any case

Result
  one row: team_id, organization_id, name, created_at

Errors
  actor_not_allowed       the login may not ask for that user
  actor_required          the login may ask for any user and named none
  permission_denied       only owners and admins create teams
  organization_not_found  there is no such organization for the actor
  invalid_request         the name is empty
  team_exists             the organization has a team of that name

Example
  CALL create_team(NULL, 1, "Editors");
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    -- An open transaction of the caller (1568) is not ours to end.
    DECLARE EXIT HANDLER FOR 1568 RESIGNAL;
    DECLARE EXIT HANDLER FOR SQLEXCEPTION
    BEGIN
        ROLLBACK;
        SET @headgate_actor_id = NULL, @headgate_deriving = NULL;
        RESIGNAL;
    END;

    SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
    START TRANSACTION;

    CALL _lock_organization(p_actor_id, p_organization_id, 'administer');

    CALL _check_name(p_name, 'a team');

    IF EXISTS (SELECT 1 FROM team WHERE organization_id = p_organization_id AND name = p_name) THEN
        CALL raise_error('team_exists', CONCAT('there is a team ', p_name), JSON_OBJECT('name', p_name));
    END IF;

    INSERT INTO team (organization_id, name) VALUES (p_organization_id, p_name);

    SELECT id AS team_id, organization_id, name, created_at FROM team WHERE id = LAST_INSERT_ID();

    COMMIT;
    SET @headgate_actor_id = NULL;
END
