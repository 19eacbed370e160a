CREATE PROCEDURE remove_team_member (
    IN p_actor_id BIGINT UNSIGNED,
    IN p_team_id  BIGINT UNSIGNED,
    IN p_username VARCHAR(32)
)
    COMMENT '
Take somebody out of a team; the roles that it gave go with it.

Parameters
  p_actor_id  the user who asks; NULL for the one that the SQL login is bound to
  p_team_id   the team
  p_username  somebody who is in the team

Result
  one row: team_id, user_id, username, revisions (an object: the revision of each workspace in which roles may have
  changed by it)

Errors
  actor_not_allowed  the login may not ask for that user
  actor_required     the login may ask for any user and named none
  permission_denied  only owners and admins of the organization change teams, and only
                     owners of its workspaces those that own them
  team_not_found     there is no such team for the actor
  member_not_found   the user is not in the team

Example
  CALL remove_team_member(NULL, 1, "grace");
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_organization_id BIGINT UNSIGNED;
    DECLARE v_user_id         BIGINT UNSIGNED;

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

    CALL _lock_team(p_actor_id, p_team_id, v_organization_id);

    SELECT app_user.id
      INTO v_user_id
      FROM app_user
      JOIN team_member ON team_member.user_id = app_user.id
     WHERE app_user.username = p_username AND team_member.team_id = p_team_id;

    IF v_user_id IS NULL THEN
        CALL raise_error('member_not_found', CONCAT(p_username, ' is not in the team'), JSON_OBJECT('username', p_username));
    END IF;

    DELETE FROM team_member WHERE team_id = p_team_id AND user_id = v_user_id;

    SELECT p_team_id AS team_id, v_user_id AS user_id, p_username AS username,
           _revisions((SELECT JSON_ARRAYAGG(workspace_id) FROM team_role WHERE team_id = p_team_id)) AS revisions;

    COMMIT;
    SET @headgate_actor_id = NULL;
END
