CREATE PROCEDURE list_members (
    IN p_actor_id     BIGINT UNSIGNED,
    IN p_workspace_id BIGINT UNSIGNED
)
    COMMENT '
List who belongs to a workspace.

Parameters
  p_actor_id      the user who asks; NULL for the one that the SQL login is bound to
  p_workspace_id  the workspace; NULL for the personal one of the actor

Result
  rows ordered by username: user_id, username, role, direct_role (NULL for who is here by
  a team or the organization), is_guest (not of the organization of the workspace),
  created_at

Errors
  actor_not_allowed    the login may not ask for that user
  actor_required       the login may ask for any user and named none
  permission_denied    the role of the actor does not allow reading
  workspace_not_found  there is no such workspace for the actor

Example
  CALL list_members(NULL, 3);
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    CALL _find_workspace(p_actor_id, p_workspace_id);

    SELECT app_user.id AS user_id, app_user.username, membership.role, membership.direct_role,
           organization_workspace.organization_id IS NOT NULL AND organization_member.user_id IS NULL AS is_guest,
           membership.created_at
      FROM membership
      JOIN app_user ON app_user.id = membership.user_id
      LEFT JOIN organization_workspace ON organization_workspace.workspace_id = membership.workspace_id
      LEFT JOIN organization_member
             ON organization_member.organization_id = organization_workspace.organization_id
            AND organization_member.user_id = membership.user_id
     WHERE membership.workspace_id = p_workspace_id
     ORDER BY app_user.username;
END
