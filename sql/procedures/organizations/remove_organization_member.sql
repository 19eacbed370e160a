CREATE PROCEDURE remove_organization_member (
    IN p_actor_id        BIGINT UNSIGNED,
    IN p_organization_id BIGINT UNSIGNED,
    IN p_username        VARCHAR(32)
)
    COMMENT '
Take a member out of an organization, its teams and its workspaces.

Tasks stay assigned until someone assigns them anew.

Parameters
  p_actor_id         the user who asks; NULL for the one that the SQL login is bound to
  p_organization_id  the organization
  p_username         the member who is to go

Result
  one row: organization_id, user_id, username, revisions (an object: the revision of each workspace in which roles may have
  changed by it)

Errors
  actor_not_allowed       the login may not ask for that user
  actor_required          the login may ask for any user and named none
  permission_denied       only owners remove owners, also those of a workspace, only owners
                          and admins others; but all may go themselves
  organization_not_found  there is no such organization for the actor
  member_not_found        the user is not a member
  last_owner              the organization would be left without an owner

Example
  CALL remove_organization_member(NULL, 1, "grace");
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_user_id BIGINT UNSIGNED;
    DECLARE v_role    VARCHAR(16);
    DECLARE v_lost    JSON;

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

    CALL _lock_organization(p_actor_id, p_organization_id, 'read');

    SELECT app_user.id, organization_member.role
      INTO v_user_id, v_role
      FROM app_user
      JOIN organization_member ON organization_member.user_id = app_user.id
     WHERE app_user.username = p_username AND organization_member.organization_id = p_organization_id;

    IF v_user_id IS NULL THEN
        CALL raise_error('member_not_found', CONCAT(p_username, ' is not a member'), JSON_OBJECT('username', p_username));
    END IF;

    -- Whoever wants to go may go.
    IF v_user_id <> p_actor_id THEN
        CALL _authorize_organization(p_actor_id, p_organization_id, IF(v_role = 'owner', 'own', 'administer'));
        CALL _authorize_owner(p_actor_id, (SELECT JSON_ARRAYAGG(organization_workspace.workspace_id)
                                             FROM organization_workspace
                                             JOIN membership
                                               ON membership.workspace_id = organization_workspace.workspace_id
                                              AND membership.user_id = v_user_id AND membership.role = 'owner'
                                            WHERE organization_workspace.organization_id = p_organization_id));
    END IF;

    IF NOT EXISTS (SELECT 1 FROM organization_member WHERE organization_id = p_organization_id AND user_id <> v_user_id) THEN
        CALL raise_error('last_owner', 'delete the organization instead', JSON_OBJECT('organization_id', p_organization_id));
    END IF;

    SET v_lost = _workspaces_of_member(p_organization_id, v_user_id);
    DELETE FROM organization_member WHERE organization_id = p_organization_id AND user_id = v_user_id;

    SELECT p_organization_id AS organization_id, v_user_id AS user_id, p_username AS username, _revisions(v_lost) AS revisions;

    COMMIT;
    SET @headgate_actor_id = NULL;
END
