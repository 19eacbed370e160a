CREATE PROCEDURE create_saved_search (
    IN p_actor_id     BIGINT UNSIGNED,
    IN p_workspace_id BIGINT UNSIGNED,
    IN p_name         VARCHAR(64),
    IN p_query        TEXT,
    IN p_filter       JSON,
    IN p_is_shared    BOOLEAN
)
    COMMENT '
Save a search by a name.

What it finds is found by the term search:name or search:id.

Parameters
  p_actor_id      the user who asks; NULL for the one that the SQL login is bound to
  p_workspace_id  the workspace; NULL for the personal one of the actor
  p_name          what it is called, which is not a number; once among the searches of the actor
                  there
  p_query         as for list_tasks; an order in it holds where nothing but the search is asked for
  p_filter        as for list_tasks
  p_is_shared     whether all of the workspace have it; NULL for the actor alone

Result
  one row: search_id, workspace_id, owner_id, owner (a user name), name, is_shared, query, filter,
  created_at, updated_at

Errors
  actor_not_allowed    the login may not ask for that user
  actor_required       the login may ask for any user and named none
  permission_denied    the role of the actor does not allow reading; or not planning, which
                       sharing takes
  workspace_not_found  there is no such workspace for the actor
  invalid_request      the name is empty or a number; the query or the filter means nothing, or
                       names another search
  search_invalid       it names another search, and that one cannot be read any more
  search_exists        the actor has a search of that name there

Example
  CALL create_saved_search(NULL, NULL, "urgent ones", "is:open priority:urgent", NULL, TRUE);
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    -- An open transaction of the caller (1568) is not ours to end.
    DECLARE EXIT HANDLER FOR 1568 RESIGNAL;
    DECLARE EXIT HANDLER FOR SQLEXCEPTION
    BEGIN
        ROLLBACK;
        RESIGNAL;
    END;

    SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
    START TRANSACTION;

    CALL _find_workspace(p_actor_id, p_workspace_id);
    CALL _check_search(p_actor_id, p_workspace_id, NULL, p_name, p_query, p_filter, p_is_shared);

    INSERT INTO saved_search (workspace_id, owner_id, name, is_shared, query, filter)
    VALUES (p_workspace_id, p_actor_id, p_name, COALESCE(p_is_shared, FALSE), p_query, p_filter);

    CALL _show_search(LAST_INSERT_ID());

    COMMIT;
END
