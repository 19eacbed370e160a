CREATE PROCEDURE set_team_role (
    IN p_actor_id     BIGINT UNSIGNED,
    IN p_workspace_id BIGINT UNSIGNED,
    IN p_team_id      BIGINT UNSIGNED,
    IN p_role         VARCHAR(16)
)
    COMMENT '
Give a team a role in a workspace of its organization.

Parameters
  p_actor_id      the user who asks; NULL for the one that the SQL login is bound to
  p_workspace_id  the workspace
  p_team_id       the team
  p_role          owner, admin, member or viewer

Result
  one row: workspace_id, team_id, role, revision

Errors
  actor_not_allowed    the login may not ask for that user
  actor_required       the login may ask for any user and named none
  permission_denied    only owners let teams own, only owners and admins give other
                       roles
  workspace_not_found  there is no such workspace for the actor
  team_not_found       the organization of the workspace has no such team
  invalid_request      there is no such role

Example
  CALL set_team_role(NULL, 4, 1, "member");
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_team_id  BIGINT UNSIGNED;
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

    SELECT team.id, team_role.role
      INTO v_team_id, v_old_role
      FROM organization_workspace
      JOIN team ON team.organization_id = organization_workspace.organization_id
      LEFT JOIN team_role ON team_role.workspace_id = organization_workspace.workspace_id AND team_role.team_id = team.id
     WHERE organization_workspace.workspace_id = p_workspace_id AND team.id = p_team_id;

    IF v_team_id IS NULL THEN
        CALL raise_error('team_not_found', CONCAT('no team ', p_team_id), JSON_OBJECT('team_id', p_team_id));
    END IF;

    CALL _check_role(p_role);

    IF 'owner' IN (p_role, v_old_role) THEN
        CALL _authorize(p_actor_id, p_workspace_id, NULL, 'own');
    END IF;

    INSERT INTO team_role (workspace_id, team_id, role)
    VALUES (p_workspace_id, p_team_id, p_role) AS new_row
        ON DUPLICATE KEY UPDATE role = new_row.role;

    SELECT p_workspace_id AS workspace_id, p_team_id AS team_id, p_role AS role, _revision(p_workspace_id) AS revision;

    COMMIT;
    SET @headgate_actor_id = NULL;
END
