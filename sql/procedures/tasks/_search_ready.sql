CREATE PROCEDURE _search_ready (
    IN  p_workspace_id BIGINT UNSIGNED,
    IN  p_actor_id     BIGINT UNSIGNED,
    IN  p_filter       JSON,
    IN  p_query        TEXT,
    IN  p_skip         INT UNSIGNED,
    IN  p_limit        INT UNSIGNED,
    OUT p_found        JSON
)
    COMMENT '
Find the ready tasks that a search finds, in the order of their own priority.

Parameters
  p_workspace_id  the workspace
  p_actor_id      the user who asks
  p_filter        as for list_tasks
  p_query         as for list_tasks; an order in it is left aside
  p_skip          how many to leave out
  p_limit         how many at most
  p_found         an array of pairs: the rank of a priority, and the id of the task that has it

Result
  none

Errors
  invalid_request  the filter or the query means nothing; the error says where
  search_invalid   a saved search that is named cannot be read any more
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_condition LONGTEXT;
    DECLARE v_column    VARCHAR(32);
    DECLARE v_order     TEXT;
    DECLARE v_sort      VARCHAR(64) DEFAULT '-priority';

    -- One condition more, so that an error still points at what the caller wrote.
    SET p_filter = COALESCE(p_filter, JSON_OBJECT()),
        p_filter = IF(JSON_CONTAINS_PATH(p_filter, 'one', '$.ready'), JSON_OBJECT('ready', TRUE, 'and', JSON_ARRAY(p_filter)),
                      JSON_SET(p_filter, '$.ready', TRUE));
    CALL _read_search(p_workspace_id, p_actor_id, p_filter, p_query, v_sort, v_condition);
    CALL _order_by(v_sort, NULL, v_column, v_order);

    -- As in list_tasks.
    SET @headgate_workspace_id = p_workspace_id, @headgate_skip = p_skip, @headgate_limit = p_limit;
    CALL _read_page(v_condition, v_column, v_order);
    SET p_found = @headgate_page;
END
