CREATE PROCEDURE list_workspaces (
    IN p_actor_id BIGINT UNSIGNED
)
    COMMENT '
List the workspaces of the actor.

Parameters
  p_actor_id  the user who asks; NULL for the one that the SQL login is bound to

Result
  rows ordered by workspace_id: workspace_id, name, role, is_personal, organization_id
  (NULL for one of no organization), revision, created_at

Errors
  actor_not_allowed  the login may not ask for that user
  actor_required     the login may ask for any user and named none

Example
  CALL list_workspaces(NULL);
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    CALL _identify(p_actor_id);

    SELECT workspace.id AS workspace_id, workspace.name, membership.role,
           workspace.personal_user_id <=> p_actor_id AS is_personal, organization_workspace.organization_id,
           _revision(workspace.id) AS revision, workspace.created_at
      FROM membership
      JOIN workspace ON workspace.id = membership.workspace_id
      LEFT JOIN organization_workspace ON organization_workspace.workspace_id = workspace.id
     WHERE membership.user_id = p_actor_id
     ORDER BY workspace.id;
END
