CREATE PROCEDURE invite_to_workspace (
    IN p_actor_id     BIGINT UNSIGNED,
    IN p_workspace_id BIGINT UNSIGNED,
    IN p_role         VARCHAR(16),
    IN p_hours        INT UNSIGNED
)
    COMMENT '
Invite somebody to a workspace: whoever brings the token may join, once.

The token is shown here and never again; kept is its hash.

Parameters
  p_actor_id      the user who asks; NULL for the one that the SQL login is bound to
  p_workspace_id  the workspace
  p_role          owner, admin, member or viewer
  p_hours         how long it is good: 1 to 720

Result
  one row: invitation_id, token, organization_id, workspace_id, role, expires_at

Errors
  actor_not_allowed    the login may not ask for that user
  actor_required       the login may ask for any user and named none
  permission_denied    only owners invite owners, only owners and admins the others
  workspace_not_found  there is no such workspace for the actor
  invalid_request      there is no such role, or the hours are not 1 to 720

Example
  CALL invite_to_workspace(NULL, 3, "viewer", 72);
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

    CALL _authorize(p_actor_id, p_workspace_id, NULL, 'administer');
    CALL _check_role(p_role);

    IF p_role = 'owner' THEN
        CALL _authorize(p_actor_id, p_workspace_id, NULL, 'own');
    END IF;

    CALL _invite(p_actor_id, NULL, p_workspace_id, p_role, p_hours);

    COMMIT;
    SET @headgate_actor_id = NULL;
END
