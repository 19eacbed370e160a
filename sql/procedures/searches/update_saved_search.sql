CREATE PROCEDURE update_saved_search (
    IN p_actor_id  BIGINT UNSIGNED,
    IN p_search_id BIGINT UNSIGNED,
    IN p_name      VARCHAR(64),
    IN p_query     TEXT,
    IN p_filter    JSON,
    IN p_is_shared BOOLEAN
)
    COMMENT '
Save a search anew: all of it.

Parameters
  p_actor_id   the user who asks; NULL for the one that the SQL login is bound to
  p_search_id  the search
  p_name       what it is called, which is not a number; once among the searches of its owner
               there
  p_query      as for list_tasks; an order in it holds where nothing but the search is asked for
  p_filter     as for list_tasks
  p_is_shared  whether all of the workspace have it; NULL for its owner alone

Result
  one row: search_id, workspace_id, owner_id, owner (a user name), name, is_shared, query, filter,
  created_at, updated_at

Errors
  actor_not_allowed  the login may not ask for that user
  actor_required     the login may ask for any user and named none
  permission_denied  it is shared by somebody else, and the actor does not administer; or may not
                     share
  search_not_found   there is no such search for the actor
  invalid_request    the name is empty or a number; the query or the filter means nothing, or
                     names another search
  search_invalid     it names another search, and that one cannot be read any more
  search_exists      its owner has a search of that name there

Example
  CALL update_saved_search(NULL, 1, "urgent ones", "is:ready priority:urgent", NULL, TRUE);
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_workspace_id BIGINT UNSIGNED;

    -- An open transaction of the caller (1568) is not ours to end.
    DECLARE EXIT HANDLER FOR 1568 RESIGNAL;
    DECLARE EXIT HANDLER FOR SQLEXCEPTION
    BEGIN
        ROLLBACK;
        RESIGNAL;
    END;

    SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
    START TRANSACTION;

    CALL _find_search(p_actor_id, p_search_id, 'administer', v_workspace_id);
    CALL _check_search(p_actor_id, v_workspace_id, p_search_id, p_name, p_query, p_filter, p_is_shared);

    UPDATE saved_search
       SET name = p_name, query = p_query, filter = p_filter, is_shared = COALESCE(p_is_shared, FALSE)
     WHERE id = p_search_id;

    CALL _show_search(p_search_id);

    COMMIT;
END
