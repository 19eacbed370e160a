CREATE PROCEDURE list_tasks (
    IN p_actor_id     BIGINT UNSIGNED,
    IN p_workspace_id BIGINT UNSIGNED,
    IN p_filter       JSON,
    IN p_query        TEXT,
    IN p_sort         VARCHAR(64),
    IN p_after        JSON,
    IN p_skip         INT UNSIGNED,
    IN p_limit        INT UNSIGNED
)
    COMMENT '
List the tasks of a workspace: filtered, sorted, a page at a time.

Parameters
  p_actor_id      the user who asks; NULL for the one that the SQL login is bound to
  p_workspace_id  the workspace; NULL for the personal one of the actor
  p_filter        an object as for _read_filter, such as {"status": "pending", "not": {"tag":
                  "later"}}; NULL for all tasks
  p_query         the same as people type it, status:pending -tag:later; where both are given,
                  both must hold
  p_sort          id, title, priority, estimate, created, updated, started, completed or due;
                  with - before it the other way round. Equal ones follow by id the same way, but
                  of equally urgent ones the oldest comes first. relevance: what says most of the
                  words that are looked for comes first, of equal ones the newest. NULL for what
                  sort: in the query says, and without that relevance where there are words to be
                  found, otherwise -id, newest first
  p_after         the place after which the page begins, as the answer to the page before
                  gave it; NULL for the first page
  p_skip          how many rows to leave out; NULL for none
  p_limit         how many rows at most; NULL for all

Result
  task rows, as get_task gives them; and one row: sort, as it was, and after, the place of the
  last task shown, or NULL if no more follow

Errors
  actor_not_allowed    the login may not ask for that user
  actor_required       the login may ask for any user and named none
  permission_denied    the role of the actor does not allow reading
  workspace_not_found  there is no such workspace for the actor
  invalid_request      the filter, the query, the order or the place means nothing; the error
                       says where it stops making sense
  search_invalid       a saved search that is named cannot be read any more

Example
  CALL list_tasks(NULL, NULL, NULL, "status:pending (tag:backend or due<2026-12-01) sort:-priority", NULL, NULL, 0, 10);
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_condition LONGTEXT;
    DECLARE v_column    VARCHAR(32);
    DECLARE v_order     TEXT;
    DECLARE v_page      JSON;
    DECLARE v_after     JSON;

    CALL _find_workspace(p_actor_id, p_workspace_id);
    CALL _read_search(p_workspace_id, p_actor_id, p_filter, p_query, p_sort, v_condition);
    CALL _order_by(p_sort, p_after, v_column, v_order);

    -- A prepared statement reads and writes session variables. These are never set to
    -- NULL: a routine goes on to take for bytes what was NULL when it first saw it.
    SET @headgate_workspace_id = p_workspace_id,
        @headgate_skip = COALESCE(p_skip, 0), @headgate_limit = COALESCE(p_limit, 4294967294) + 1;

    IF p_sort = 'relevance' THEN
        CALL _rank_page(v_condition, v_order, p_after);
    ELSE
        CALL _read_page(v_condition, v_column, v_order);
    END IF;

    -- The one row too many says that more follow.
    IF JSON_LENGTH(@headgate_page) = @headgate_limit THEN
        SET v_page  = JSON_REMOVE(@headgate_page, '$[last]'),
            v_after = JSON_EXTRACT(v_page, '$[last]');
    ELSE
        SET v_page = @headgate_page;
    END IF;

    CALL _show_tasks(p_workspace_id, JSON_EXTRACT(v_page, '$[*][1]'));

    SELECT p_sort AS sort, v_after AS after;
END
