CREATE PROCEDURE _authorize_team (
    INOUT p_actor_id        BIGINT UNSIGNED,
    IN    p_team_id         BIGINT UNSIGNED,
    IN    p_permission      VARCHAR(16),
    OUT   p_organization_id BIGINT UNSIGNED
)
    COMMENT '
Refuse an actor whose role in the organization of a team does not allow what is asked.

Parameters
  p_actor_id         as for _identify
  p_team_id          the team
  p_permission       as for _authorize_organization
  p_organization_id  its organization

Result
  none

Errors
  actor_not_allowed  as for _identify
  actor_required     as for _identify
  permission_denied  the actor belongs to the organization, but not in a role that may
  team_not_found     there is no such team for this actor
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    CALL _identify(p_actor_id);

    SELECT team.organization_id
      INTO p_organization_id
      FROM team
      JOIN organization_member
        ON organization_member.organization_id = team.organization_id AND organization_member.user_id = p_actor_id
     WHERE team.id = p_team_id;

    IF p_organization_id IS NULL THEN
        CALL raise_error('team_not_found', CONCAT('no team ', COALESCE(p_team_id, 'NULL')), JSON_OBJECT('team_id', p_team_id));
    END IF;

    CALL _authorize_organization(p_actor_id, p_organization_id, p_permission);
END
