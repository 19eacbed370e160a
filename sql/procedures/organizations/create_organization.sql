CREATE PROCEDURE create_organization (
    IN p_actor_id BIGINT UNSIGNED,
    IN p_name     VARCHAR(120)
)
    COMMENT '
Create an organization, owned by the actor.

Parameters
  p_actor_id  the user who asks; NULL for the one that the SQL login is bound to
  p_name      what people call it

Result
  one row: organization_id, name, role, created_at

Errors
  actor_not_allowed  the login may not ask for that user
  actor_required     the login may ask for any user and named none
  user_not_found     there is no such user
  invalid_request    the name is empty

Example
  CALL create_organization(NULL, "Example Ltd");
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_organization_id BIGINT UNSIGNED;

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

    CALL _identify(p_actor_id);

    CALL _check_name(p_name, 'an organization');

    SET @headgate_actor_id = p_actor_id;
    INSERT INTO organization (name) VALUES (p_name);
    SET v_organization_id = LAST_INSERT_ID();
    INSERT INTO organization_member (organization_id, user_id, role) VALUES (v_organization_id, p_actor_id, 'owner');

    SELECT id AS organization_id, name, 'owner' AS role, created_at FROM organization WHERE id = v_organization_id;

    COMMIT;
    SET @headgate_actor_id = NULL;
END
