CREATE PROCEDURE list_api_keys (
    IN p_actor_id     BIGINT UNSIGNED,
    IN p_workspace_id BIGINT UNSIGNED
)
    COMMENT '
List the keys of a workspace, also those that were revoked. Only for its owners and admins.

Parameters
  p_actor_id      the user who asks; NULL for the one that the SQL login is bound to
  p_workspace_id  the workspace

Result
  rows, the newest first: api_key_id, workspace_id, user_id, username, name, prefix, scope
  (NULL when it opens nothing any more), created_by, created_at, expires_at, used_at,
  revoked_at

Errors
  actor_not_allowed    the login may not ask for that user
  actor_required       the login may ask for any user and named none
  permission_denied    the actor is a member, but neither owner nor admin
  workspace_not_found  there is no such workspace for the actor

Example
  CALL list_api_keys(NULL, 3);
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    CALL _authorize(p_actor_id, p_workspace_id, NULL, 'administer');

    SELECT api_key.id AS api_key_id, api_key.workspace_id, api_key.user_id, CONCAT('key:', api_key.prefix) AS username,
           api_key.name, api_key.prefix, IF(api_key.revoked_at IS NULL, api_key_scope.scope, NULL) AS scope, api_key.created_by,
           api_key.created_at, api_key.expires_at, api_key.used_at, api_key.revoked_at
      FROM api_key
      LEFT JOIN membership ON membership.workspace_id = api_key.workspace_id AND membership.user_id = api_key.user_id
      LEFT JOIN api_key_scope ON api_key_scope.role = membership.role
     WHERE api_key.workspace_id = p_workspace_id
     ORDER BY api_key.id DESC;
END
