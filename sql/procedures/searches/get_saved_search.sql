CREATE PROCEDURE get_saved_search (
    IN p_actor_id  BIGINT UNSIGNED,
    IN p_search_id BIGINT UNSIGNED
)
    COMMENT '
Show a saved search.

Parameters
  p_actor_id   the user who asks; NULL for the one that the SQL login is bound to
  p_search_id  the search

Result
  one row: search_id, workspace_id, owner_id, owner (a user name), name, is_shared, query, filter,
  created_at, updated_at

Errors
  actor_not_allowed  the login may not ask for that user
  actor_required     the login may ask for any user and named none
  permission_denied  the role of the actor does not allow reading
  search_not_found   there is no such search for the actor

Example
  CALL get_saved_search(NULL, 1);
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_workspace_id BIGINT UNSIGNED;

    CALL _find_search(p_actor_id, p_search_id, 'read', v_workspace_id);
    CALL _show_search(p_search_id);
END
