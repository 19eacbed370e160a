CREATE PROCEDURE remove_member (
    IN p_actor_id     BIGINT UNSIGNED,
    IN p_workspace_id BIGINT UNSIGNED,
    IN p_username     VARCHAR(32)
)
    COMMENT '
Take away the role that a member of a workspace was given.

With it they leave, unless a team or the organization gives them another.
Tasks stay assigned until someone assigns them anew. API keys that the member
has made end.

Parameters
  p_actor_id      the user who asks; NULL for the one that the SQL login is bound to
  p_workspace_id  the workspace; NULL for the personal one of the actor
  p_username      the member who is to go

Result
  one row: workspace_id, user_id, username, role (what they still are, or NULL), revision

Errors
  actor_not_allowed    the login may not ask for that user
  actor_required       the login may ask for any user and named none
  permission_denied    only owners remove owners, only owners and admins others;
                       but all may go themselves
  workspace_not_found  there is no such workspace for the actor
  member_not_found     the user is not a member
  role_inherited       all that they are here they are by a team or the organization
  last_owner           the workspace would be left without an owner
  workspace_personal   it is the personal workspace of the member

Example
  CALL remove_member(NULL, 3, "grace");
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_user_id     BIGINT UNSIGNED;
    DECLARE v_direct_role VARCHAR(16);
    DECLARE v_left        VARCHAR(16);

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

    CALL _lock_members(p_actor_id, p_workspace_id, 'read');

    SELECT app_user.id, membership.direct_role
      INTO v_user_id, v_direct_role
      FROM app_user
      JOIN membership ON membership.user_id = app_user.id
     WHERE app_user.username = p_username AND membership.workspace_id = p_workspace_id;

    IF v_user_id IS NULL THEN
        CALL raise_error('member_not_found', CONCAT(p_username, ' is not a member'), JSON_OBJECT('username', p_username));
    END IF;

    -- Whoever wants to go may go.
    IF v_user_id <> p_actor_id THEN
        CALL _authorize(p_actor_id, p_workspace_id, NULL, IF(v_direct_role = 'owner', 'own', 'administer'));
    END IF;

    IF v_direct_role IS NULL THEN
        CALL raise_error('role_inherited', CONCAT(p_username, ' is here by a team or the organization'),
                         JSON_OBJECT('username', p_username));
    END IF;

    SET v_left = _effective_role(p_workspace_id, v_user_id, NULL);

    IF v_left IS NULL THEN
        DELETE FROM membership WHERE workspace_id = p_workspace_id AND user_id = v_user_id;
    ELSE
        UPDATE membership SET direct_role = NULL WHERE workspace_id = p_workspace_id AND user_id = v_user_id;
    END IF;

    CALL _dismiss_api_keys(JSON_ARRAY(p_workspace_id));

    SELECT p_workspace_id AS workspace_id, v_user_id AS user_id, p_username AS username, v_left AS role,
           _revision(p_workspace_id) AS revision;

    COMMIT;
    SET @headgate_actor_id = NULL;
END
