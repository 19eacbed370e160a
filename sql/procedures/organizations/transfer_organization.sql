CREATE PROCEDURE transfer_organization (
    IN p_actor_id        BIGINT UNSIGNED,
    IN p_organization_id BIGINT UNSIGNED,
    IN p_username        VARCHAR(32)
)
    COMMENT '
Give an organization to another member; the actor stays as an admin.

Parameters
  p_actor_id         the user who asks; NULL for the one that the SQL login is bound to
  p_organization_id  the organization
  p_username         the member who is to be an owner

Result
  one row: organization_id, user_id, username, role, revisions (an object: the revision of each workspace in which roles may have
  changed by it)

Errors
  actor_not_allowed       the login may not ask for that user
  actor_required          the login may ask for any user and named none
  permission_denied       only owners give it away
  organization_not_found  there is no such organization for the actor
  member_not_found        the user is not a member

Example
  CALL transfer_organization(NULL, 1, "grace");
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_user_id BIGINT UNSIGNED;

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

    SELECT app_user.id
      INTO v_user_id
      FROM app_user
      JOIN organization_member ON organization_member.user_id = app_user.id
     WHERE app_user.username = p_username AND organization_member.organization_id = p_organization_id;

    IF v_user_id IS NULL THEN
        CALL raise_error('member_not_found', CONCAT(p_username, ' is not a member'), JSON_OBJECT('username', p_username));
    END IF;

    UPDATE organization_member SET role = 'owner' WHERE organization_id = p_organization_id AND user_id = v_user_id;
    UPDATE organization_member
       SET role = 'admin'
     WHERE organization_id = p_organization_id AND user_id = p_actor_id AND user_id <> v_user_id;

    SELECT p_organization_id AS organization_id, v_user_id AS user_id, p_username AS username, 'owner' AS role,
           _revisions(_workspaces_of_member(p_organization_id, v_user_id)) AS revisions;

    COMMIT;
    SET @headgate_actor_id = NULL;
END
