CREATE PROCEDURE _lock_team (
    INOUT p_actor_id        BIGINT UNSIGNED,
    IN    p_team_id         BIGINT UNSIGNED,
    OUT   p_organization_id BIGINT UNSIGNED
)
    COMMENT '
Begin a change of a team: lock its organization, then ask whether the actor may. Where
the team owns a workspace the change makes or unmakes owners, which only owners may.

Parameters
  p_actor_id         as for _identify
  p_team_id          the team
  p_organization_id  its organization

Result
  none

Errors
  actor_not_allowed  as for _identify
  actor_required     as for _identify
  permission_denied  the actor does not administer the organization, or not own what the team owns
  team_not_found     there is no such team for this actor
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    SELECT organization.id
      INTO p_organization_id
      FROM team
      JOIN organization ON organization.id = team.organization_id
     WHERE team.id = p_team_id
       FOR UPDATE OF organization;

    -- Only now: it may have been deleted while the lock was awaited.
    CALL _authorize_team(p_actor_id, p_team_id, 'administer', p_organization_id);
    CALL _authorize_owner(p_actor_id, (SELECT JSON_ARRAYAGG(workspace_id)
                                         FROM team_role
                                        WHERE team_id = p_team_id AND role = 'owner'));
    -- An interrupted call before this one may have left the other two behind.
    SET @headgate_actor_id = p_actor_id, @headgate_deriving = NULL, @headgate_new_after = NULL;
END
