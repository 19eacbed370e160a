CREATE PROCEDURE list_saved_searches (
    IN p_actor_id     BIGINT UNSIGNED,
    IN p_workspace_id BIGINT UNSIGNED
)
    COMMENT '
List the saved searches of a workspace: shared ones, and those of the actor.

Parameters
  p_actor_id      the user who asks; NULL for the one that the SQL login is bound to
  p_workspace_id  the workspace; NULL for the personal one of the actor

Result
  one row per search: search_id, workspace_id, owner_id, owner (a user name), name, is_shared, query, filter,
  created_at, updated_at; by name

Errors
  actor_not_allowed    the login may not ask for that user
  actor_required       the login may ask for any user and named none
  permission_denied    the role of the actor does not allow reading
  workspace_not_found  there is no such workspace for the actor

Example
  CALL list_saved_searches(NULL, NULL);
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    CALL _find_workspace(p_actor_id, p_workspace_id);

    SELECT saved_search.id AS search_id, saved_search.workspace_id, saved_search.owner_id, app_user.username AS owner, saved_search.name,
           saved_search.is_shared, saved_search.query, saved_search.filter, saved_search.created_at, saved_search.updated_at
      FROM saved_search
      JOIN app_user ON app_user.id = saved_search.owner_id
     WHERE saved_search.workspace_id = p_workspace_id AND (saved_search.is_shared OR saved_search.owner_id = p_actor_id)
     ORDER BY saved_search.name, saved_search.id;
END
