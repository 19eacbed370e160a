CREATE PROCEDURE list_organizations (
    IN p_actor_id BIGINT UNSIGNED
)
    COMMENT '
List the organizations that the actor belongs to.

Parameters
  p_actor_id  the user who asks; NULL for the one that the SQL login is bound to

Result
  rows ordered by organization_id: organization_id, name, role, created_at

Errors
  actor_not_allowed  the login may not ask for that user
  actor_required     the login may ask for any user and named none

Example
  CALL list_organizations(NULL);
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    CALL _identify(p_actor_id);

    SELECT organization.id AS organization_id, organization.name, organization_member.role, organization.created_at
      FROM organization_member
      JOIN organization ON organization.id = organization_member.organization_id
     WHERE organization_member.user_id = p_actor_id
     ORDER BY organization.id;
END
