CREATE PROCEDURE set_member (
    IN p_actor_id     BIGINT UNSIGNED,
    IN p_workspace_id BIGINT UNSIGNED,
    IN p_username     VARCHAR(32),
    IN p_role         VARCHAR(16)
)
    COMMENT '
Add a member to a workspace, or change the role of one.

A member is what is the highest: this role, that of a team, or that of the
organization. Who does not belong to its organization is a guest, and may read
and plan, but not administer.

API keys of a member who may no longer make any end.

Parameters
  p_actor_id      the user who asks; NULL for the one that the SQL login is bound to
  p_workspace_id  the workspace; NULL for the personal one of the actor
  p_username      the user who is to be a member
  p_role          owner, admin, member or viewer

Result
  one row: workspace_id, user_id, username, role (the highest), direct_role, revision

Errors
  actor_not_allowed    the login may not ask for that user
  actor_required       the login may ask for any user and named none
  permission_denied    only owners make or unmake owners, only owners and admins the
                       others
  workspace_not_found  there is no such workspace for the actor
  user_not_found       there is no such user
  invalid_request      there is no such role
  last_owner           the workspace would be left without an owner
  api_key_bound        the user is an API key, of another workspace or to be an owner
  guest_restricted     the role administers, and the user is a guest
  workspace_personal   it is the personal workspace of the user, who stays its owner

Example
  CALL set_member(NULL, 3, "grace", "member");
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_user_id  BIGINT UNSIGNED;
    DECLARE v_old_role VARCHAR(16);

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

    CALL _lock_members(p_actor_id, p_workspace_id, 'administer');

    SELECT id INTO v_user_id FROM app_user WHERE username = p_username;

    IF v_user_id IS NULL THEN
        CALL raise_error('user_not_found', CONCAT('no user ', p_username), JSON_OBJECT('username', p_username));
    END IF;

    CALL _check_role(p_role);

    SELECT direct_role INTO v_old_role FROM membership WHERE workspace_id = p_workspace_id AND user_id = v_user_id;

    IF 'owner' IN (p_role, v_old_role) THEN
        CALL _authorize(p_actor_id, p_workspace_id, NULL, 'own');
    END IF;

    INSERT INTO membership (workspace_id, user_id, direct_role)
    VALUES (p_workspace_id, v_user_id, p_role) AS new_row
        ON DUPLICATE KEY UPDATE direct_role = new_row.direct_role;
    CALL _dismiss_api_keys(JSON_ARRAY(p_workspace_id));

    SELECT workspace_id, user_id, p_username AS username, role, direct_role, _revision(p_workspace_id) AS revision
      FROM membership
     WHERE workspace_id = p_workspace_id AND user_id = v_user_id;

    COMMIT;
    SET @headgate_actor_id = NULL;
END
