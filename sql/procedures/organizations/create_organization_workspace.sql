CREATE PROCEDURE create_organization_workspace (
    IN p_actor_id        BIGINT UNSIGNED,
    IN p_organization_id BIGINT UNSIGNED,
    IN p_name            VARCHAR(120)
)
    COMMENT '
Create a workspace of an organization, owned by the actor and by the owners of the organization.

Parameters
  p_actor_id         the user who asks; NULL for the one that the SQL login is bound to
  p_organization_id  the organization
  p_name             what people call it

Result
  one row: workspace_id, organization_id, name, role, is_personal, revision, created_at

Errors
  actor_not_allowed       the login may not ask for that user
  actor_required          the login may ask for any user and named none
  permission_denied       viewers of the organization create none
  organization_not_found  there is no such organization for the actor
  invalid_request         the name is empty

Example
  CALL create_organization_workspace(NULL, 1, "Blog");
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_workspace_id BIGINT UNSIGNED;

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

    CALL _lock_organization(p_actor_id, p_organization_id, 'plan');

    CALL _check_name(p_name, 'a workspace');

    INSERT INTO workspace (name) VALUES (p_name);
    SET v_workspace_id = LAST_INSERT_ID();
    INSERT INTO organization_workspace (workspace_id, organization_id) VALUES (v_workspace_id, p_organization_id);
    INSERT INTO membership (workspace_id, user_id, direct_role)
    VALUES (v_workspace_id, p_actor_id, 'owner') AS new_row
        ON DUPLICATE KEY UPDATE direct_role = new_row.direct_role;

    SELECT id AS workspace_id, p_organization_id AS organization_id, name, 'owner' AS role, FALSE AS is_personal,
           _revision(id) AS revision, created_at
      FROM workspace
     WHERE id = v_workspace_id;

    COMMIT;
    SET @headgate_actor_id = NULL;
END
