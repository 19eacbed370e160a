CREATE PROCEDURE delete_organization (
    IN p_actor_id        BIGINT UNSIGNED,
    IN p_organization_id BIGINT UNSIGNED
)
    COMMENT '
Delete an organization that has no workspaces, with its teams and open invitations.

Parameters
  p_actor_id         the user who asks; NULL for the one that the SQL login is bound to
  p_organization_id  the organization

Result
  one row: organization_id, name

Errors
  actor_not_allowed       the login may not ask for that user
  actor_required          the login may ask for any user and named none
  permission_denied       only owners delete it
  organization_not_found  there is no such organization for the actor
  organization_in_use     it has workspaces; the facts hold how many

Example
  CALL delete_organization(NULL, 2);
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_name       VARCHAR(120);
    DECLARE v_workspaces INT UNSIGNED;

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

    CALL _lock_organization(p_actor_id, p_organization_id, 'own');

    SELECT COUNT(*) INTO v_workspaces FROM organization_workspace WHERE organization_id = p_organization_id;

    IF v_workspaces > 0 THEN
        CALL raise_error('organization_in_use', CONCAT('organization ', p_organization_id, ' has workspaces'),
                         JSON_OBJECT('organization_id', p_organization_id, 'workspaces', v_workspaces));
    END IF;

    SELECT name INTO v_name FROM organization WHERE id = p_organization_id;

    DELETE FROM invitation WHERE organization_id = p_organization_id;
    DELETE FROM team WHERE organization_id = p_organization_id;
    -- Its owners last: as long as there are others, there is one.
    DELETE FROM organization_member WHERE organization_id = p_organization_id ORDER BY role = 'owner', user_id;
    DELETE FROM organization WHERE id = p_organization_id;

    SELECT p_organization_id AS organization_id, v_name AS name;

    COMMIT;
    SET @headgate_actor_id = NULL;
END
