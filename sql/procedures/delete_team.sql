CREATE PROCEDURE delete_team (
    IN p_actor_id BIGINT UNSIGNED,
    IN p_team_id  BIGINT UNSIGNED
)
    COMMENT '
Delete a team; the roles that it gave go with it.

Parameters
  p_actor_id  the user who asks; NULL for the one that the SQL login is bound to
  p_team_id   the team

Result
  one row: team_id, organization_id, name

Errors
  actor_not_allowed  the login may not ask for that user
  actor_required     the login may ask for any user and named none
  permission_denied  only owners and admins of the organization delete teams
  team_not_found     there is no such team for the actor

Example
  CALL delete_team(NULL, 1);
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_organization_id BIGINT UNSIGNED;
    DECLARE v_name            VARCHAR(64);

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

    CALL _lock_team(p_actor_id, p_team_id, 'administer', v_organization_id);

    SELECT name INTO v_name FROM team WHERE id = p_team_id;
    DELETE FROM team WHERE id = p_team_id;

    SELECT p_team_id AS team_id, v_organization_id AS organization_id, v_name AS name;

    COMMIT;
    SET @headgate_actor_id = NULL;
END
