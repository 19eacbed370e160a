CREATE PROCEDURE set_organization_member (
    IN p_actor_id        BIGINT UNSIGNED,
    IN p_organization_id BIGINT UNSIGNED,
    IN p_username        VARCHAR(32),
    IN p_role            VARCHAR(16)
)
    COMMENT '
Add a member to an organization, or change the role of one.

Owners and admins of an organization are owners and admins of its workspaces,
too; what others are there is given to them or to their teams.

Parameters
  p_actor_id         the user who asks; NULL for the one that the SQL login is bound to
  p_organization_id  the organization
  p_username         the user who is to be a member
  p_role             owner, admin, member or viewer

Result
  one row: organization_id, user_id, username, role, revisions (an object: the revision of each workspace in which roles may have
  changed by it)

Errors
  actor_not_allowed       the login may not ask for that user
  actor_required          the login may ask for any user and named none
  permission_denied       only owners make or unmake owners, only owners and admins the
                          others
  organization_not_found  there is no such organization for the actor
  user_not_found          there is no such user
  invalid_request         there is no such role
  last_owner              the organization would be left without an owner
  api_key_bound           the user is an API key

Example
  CALL set_organization_member(NULL, 1, "grace", "admin");
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_user_id  BIGINT UNSIGNED;
    DECLARE v_old_role VARCHAR(16);
    DECLARE v_before   JSON;

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

    SELECT id INTO v_user_id FROM app_user WHERE username = p_username;

    IF v_user_id IS NULL THEN
        CALL raise_error('user_not_found', CONCAT('no user ', p_username), JSON_OBJECT('username', p_username));
    END IF;

    CALL _check_role(p_role);

    SELECT role INTO v_old_role FROM organization_member WHERE organization_id = p_organization_id AND user_id = v_user_id;

    IF 'owner' IN (p_role, v_old_role) THEN
        CALL _authorize_organization(p_actor_id, p_organization_id, 'own');
    END IF;

    SET v_before = _workspaces_of_member(p_organization_id, v_user_id);
    INSERT INTO organization_member (organization_id, user_id, role)
    VALUES (p_organization_id, v_user_id, p_role) AS new_row
        ON DUPLICATE KEY UPDATE role = new_row.role;

    SELECT p_organization_id AS organization_id, v_user_id AS user_id, p_username AS username, p_role AS role,
           _revisions(JSON_MERGE_PRESERVE(v_before, _workspaces_of_member(p_organization_id, v_user_id))) AS revisions;

    COMMIT;
    SET @headgate_actor_id = NULL;
END
