CREATE PROCEDURE move_workspace (
    IN p_actor_id        BIGINT UNSIGNED,
    IN p_workspace_id    BIGINT UNSIGNED,
    IN p_organization_id BIGINT UNSIGNED
)
    COMMENT '
Move a workspace that belongs to no organization into one.

Owners and admins of the organization are that in the workspace from then on; members of
the workspace who do not belong to the organization stay as guests. It stays there.

Parameters
  p_actor_id         the user who asks; NULL for the one that the SQL login is bound to
  p_workspace_id     the workspace
  p_organization_id  the organization

Result
  one row: workspace_id, name, role (of the actor), is_personal, organization_id, revision,
  created_at

Errors
  actor_not_allowed          the login may not ask for that user
  actor_required             the login may ask for any user and named none
  permission_denied          only who owns both moves it
  workspace_not_found        there is no such workspace for the actor
  organization_not_found     there is no such organization for the actor
  workspace_in_organization  it belongs to an organization
  workspace_personal         it is the personal workspace of a user
  guest_restricted           somebody who administers it does not belong to the
                             organization

Example
  CALL move_workspace(NULL, 3, 1);
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_organization_id BIGINT UNSIGNED;

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

    -- Locks in the order of everybody who changes who belongs where; then who may.
    SELECT id INTO v_organization_id FROM organization WHERE id = p_organization_id FOR UPDATE;
    CALL _lock_workspace(p_actor_id, p_workspace_id, 'own');
    CALL _authorize_organization(p_actor_id, p_organization_id, 'own');

    IF EXISTS (SELECT 1 FROM organization_workspace WHERE workspace_id = p_workspace_id) THEN
        CALL raise_error('workspace_in_organization', CONCAT('workspace ', p_workspace_id, ' belongs to an organization'),
                         JSON_OBJECT('workspace_id', p_workspace_id));
    END IF;

    INSERT INTO organization_workspace (workspace_id, organization_id) VALUES (p_workspace_id, p_organization_id);

    CALL _show_workspace(p_workspace_id, p_actor_id);

    COMMIT;
    SET @headgate_actor_id = NULL;
END
