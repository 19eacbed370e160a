CREATE PROCEDURE remove_team_role (
    IN p_actor_id     BIGINT UNSIGNED,
    IN p_workspace_id BIGINT UNSIGNED,
    IN p_team_id      BIGINT UNSIGNED
)
    COMMENT '
Take the role of a team in a workspace away.

Tasks stay assigned to the team until someone assigns them anew.

Parameters
  p_actor_id      the user who asks; NULL for the one that the SQL login is bound to
  p_workspace_id  the workspace
  p_team_id       the team

Result
  one row: workspace_id, team_id, revision

Errors
  actor_not_allowed    the login may not ask for that user
  actor_required       the login may ask for any user and named none
  permission_denied    only owners let teams own, only owners and admins give other
                       roles
  workspace_not_found  there is no such workspace for the actor
  team_not_found       no such team has a role in the workspace

Example
  CALL remove_team_role(NULL, 4, 1);
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_role VARCHAR(16);

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

    SELECT role INTO v_role FROM team_role WHERE workspace_id = p_workspace_id AND team_id = p_team_id;

    IF v_role IS NULL THEN
        CALL raise_error('team_not_found', CONCAT('no team ', p_team_id), JSON_OBJECT('team_id', p_team_id));
    END IF;

    IF v_role = 'owner' THEN
        CALL _authorize(p_actor_id, p_workspace_id, NULL, 'own');
    END IF;

    DELETE FROM team_role WHERE workspace_id = p_workspace_id AND team_id = p_team_id;

    SELECT p_workspace_id AS workspace_id, p_team_id AS team_id, _revision(p_workspace_id) AS revision;

    COMMIT;
    SET @headgate_actor_id = NULL;
END
