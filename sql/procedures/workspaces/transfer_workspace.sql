CREATE PROCEDURE transfer_workspace (
    IN p_actor_id     BIGINT UNSIGNED,
    IN p_workspace_id BIGINT UNSIGNED,
    IN p_username     VARCHAR(32)
)
    COMMENT '
Give a shared workspace to another member; the actor stays as an admin.

Parameters
  p_actor_id      the user who asks; NULL for the one that the SQL login is bound to
  p_workspace_id  the workspace
  p_username      the member who is to be an owner

Result
  one row: workspace_id, user_id, username, role, revision

Errors
  actor_not_allowed    the login may not ask for that user
  actor_required       the login may ask for any user and named none
  permission_denied    only owners give it away
  workspace_not_found  there is no such workspace for the actor
  member_not_found     the user is not a member
  guest_restricted     the user does not belong to the organization of the workspace
  workspace_personal   it is the personal workspace of a user

Example
  CALL transfer_workspace(NULL, 3, "grace");
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

    CALL _lock_members(p_actor_id, p_workspace_id, 'own');

    IF EXISTS (SELECT 1 FROM workspace WHERE id = p_workspace_id AND personal_user_id IS NOT NULL) THEN
        CALL raise_error('workspace_personal', CONCAT('workspace ', p_workspace_id, ' is a personal one'),
                         JSON_OBJECT('workspace_id', p_workspace_id));
    END IF;

    SELECT app_user.id
      INTO v_user_id
      FROM app_user
      JOIN membership ON membership.user_id = app_user.id
     WHERE app_user.username = p_username AND membership.workspace_id = p_workspace_id;

    IF v_user_id IS NULL THEN
        CALL raise_error('member_not_found', CONCAT(p_username, ' is not a member'), JSON_OBJECT('username', p_username));
    END IF;

    UPDATE membership SET direct_role = 'owner' WHERE workspace_id = p_workspace_id AND user_id = v_user_id;
    UPDATE membership
       SET direct_role = 'admin'
     WHERE workspace_id = p_workspace_id AND user_id = p_actor_id AND user_id <> v_user_id AND direct_role = 'owner';

    SELECT p_workspace_id AS workspace_id, v_user_id AS user_id, p_username AS username, 'owner' AS role,
           _revision(p_workspace_id) AS revision;

    COMMIT;
    SET @headgate_actor_id = NULL;
END
