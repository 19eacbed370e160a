CREATE PROCEDURE add_team_member (
    IN p_actor_id BIGINT UNSIGNED,
    IN p_team_id  BIGINT UNSIGNED,
    IN p_username VARCHAR(32)
)
    COMMENT '
Put a member of an organization into one of its teams; who is in it already stays there.

Parameters
  p_actor_id  the user who asks; NULL for the one that the SQL login is bound to
  p_team_id   the team
  p_username  a member of the organization

Result
  one row: team_id, user_id, username, revisions (an object: the revision of each workspace in which roles may have
  changed by it)

Errors
  actor_not_allowed  the login may not ask for that user
  actor_required     the login may ask for any user and named none
  permission_denied  only owners and admins of the organization change teams, and only
                     owners of its workspaces those that own them
  team_not_found     there is no such team for the actor
  member_not_found   the user does not belong to the organization

Example
  CALL add_team_member(NULL, 1, "grace");
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
      JOIN organization_member ON organization_member.user_id = app_user.id
     WHERE app_user.username = p_username AND organization_member.organization_id = v_organization_id;

    IF v_user_id IS NULL THEN
        CALL raise_error('member_not_found', CONCAT(p_username, ' does not belong to the organization'),
                         JSON_OBJECT('username', p_username));
    END IF;

    INSERT IGNORE INTO team_member (team_id, user_id) VALUES (p_team_id, v_user_id);

    SELECT p_team_id AS team_id, v_user_id AS user_id, p_username AS username,
           _revisions((SELECT JSON_ARRAYAGG(workspace_id) FROM team_role WHERE team_id = p_team_id)) AS revisions;

    COMMIT;
    SET @headgate_actor_id = NULL;
END
