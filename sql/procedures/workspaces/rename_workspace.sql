CREATE PROCEDURE rename_workspace (
    IN p_actor_id     BIGINT UNSIGNED,
    IN p_workspace_id BIGINT UNSIGNED,
    IN p_name         VARCHAR(120)
)
    COMMENT '
Give a workspace another name.

Parameters
  p_actor_id      the user who asks; NULL for the one that the SQL login is bound to
  p_workspace_id  the workspace; NULL for the personal one of the actor
  p_name          what people call it from now on

Result
  one row: workspace_id, name, role (of the actor), is_personal, organization_id, revision,
  created_at

Errors
  actor_not_allowed    the login may not ask for that user
  actor_required       the login may ask for any user and named none
  permission_denied    only owners and admins rename it
  workspace_not_found  there is no such workspace for the actor
  invalid_request      the name is empty

Example
  CALL rename_workspace(NULL, 4, "Shop");
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

    CALL _lock_workspace(p_actor_id, p_workspace_id, 'administer');

    CALL _check_name(p_name, 'a workspace');

    UPDATE workspace SET name = p_name WHERE id = p_workspace_id;

    CALL _show_workspace(p_workspace_id, p_actor_id);

    COMMIT;
    SET @headgate_actor_id = NULL;
END
