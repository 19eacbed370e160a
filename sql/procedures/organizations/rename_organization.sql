CREATE PROCEDURE rename_organization (
    IN p_actor_id        BIGINT UNSIGNED,
    IN p_organization_id BIGINT UNSIGNED,
    IN p_name            VARCHAR(120)
)
    COMMENT '
Give an organization another name.

Parameters
  p_actor_id         the user who asks; NULL for the one that the SQL login is bound to
  p_organization_id  the organization
  p_name             what people call it from now on

Result
  one row: organization_id, name, role (of the actor), created_at

Errors
  actor_not_allowed       the login may not ask for that user
  actor_required          the login may ask for any user and named none
  permission_denied       only owners and admins rename it
  organization_not_found  there is no such organization for the actor
  invalid_request         the name is empty

Example
  CALL rename_organization(NULL, 1, "Example Group");
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

    CALL _check_name(p_name, 'an organization');

    UPDATE organization SET name = p_name WHERE id = p_organization_id;

    SELECT organization.id AS organization_id, organization.name, organization_member.role, organization.created_at
      FROM organization
      JOIN organization_member
        ON organization_member.organization_id = organization.id AND organization_member.user_id = p_actor_id
     WHERE organization.id = p_organization_id;

    COMMIT;
    SET @headgate_actor_id = NULL;
END
