CREATE PROCEDURE _read_search (
    IN    p_workspace_id BIGINT UNSIGNED,
    IN    p_actor_id     BIGINT UNSIGNED,
    IN    p_filter       JSON,
    IN    p_query        TEXT,
    INOUT p_sort         VARCHAR(64),
    OUT   p_condition    LONGTEXT
)
    COMMENT '
Turn a filter and a query into one condition on the tasks of a workspace.

Parameters
  p_workspace_id  the workspace
  p_actor_id      the user who asks, in whose time zone days are meant
  p_filter        as for _read_filter
  p_query         as for _read_query
  p_sort          an order, or NULL for what the query says; NULL if it says nothing
  p_condition     as for _compile_filter; TRUE for all tasks

Result
  none

Errors
  invalid_request  the filter or the query means nothing; the error says where
  search_invalid   a saved search that is named cannot be read any more
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_filter JSON;
    DECLARE v_query  JSON;
    DECLARE v_sort   VARCHAR(64);
    DECLARE v_only   JSON;

    IF JSON_LENGTH(p_filter) > 0 OR JSON_TYPE(p_filter) <> 'OBJECT' THEN
        CALL _read_filter(p_filter, v_filter);
    END IF;

    IF p_query <> '' THEN
        CALL _read_query(p_query, v_query, v_sort);
        SET p_sort = COALESCE(p_sort, v_sort);
    END IF;

    IF v_filter IS NOT NULL AND v_query IS NOT NULL THEN
        SET v_filter = JSON_MERGE_PRESERVE(v_filter, JSON_OBJECT('kind', 'and'), JSON_OBJECT('kind', '('), v_query,
                                           JSON_OBJECT('kind', ')'));
    END IF;

    -- Only now: the place of each term is known to who named it.
    SET v_filter = COALESCE(v_filter, v_query);
    CALL _include_searches(p_workspace_id, p_actor_id, v_filter, p_sort);

    -- Who asks for nothing but a span of time sees it in the order of that time.
    SET v_only = IF(JSON_LENGTH(v_filter) = 1, JSON_EXTRACT(v_filter, '$[0]'), NULL),
        v_sort = JSON_VALUE(v_only, '$.field'),
        p_sort = COALESCE(p_sort,
                          CASE
                              WHEN v_sort IN ('created', 'updated', 'started', 'completed') THEN CONCAT('-', v_sort)
                              WHEN v_sort = 'due'                                           THEN 'due'
                              WHEN JSON_VALUE(v_only, '$.values[0]') = 'overdue'            THEN 'due'
                          END);

    -- Who looks for words sees first what says most of them.
    IF EXISTS (SELECT 1
                 FROM (SELECT field, LAG(kind) OVER (ORDER BY place) AS before_it
                         FROM JSON_TABLE(COALESCE(v_filter, '[]'), '$[*]' COLUMNS (
                                  place FOR ORDINALITY,
                                  kind  VARCHAR(16) PATH '$.kind',
                                  field VARCHAR(64) PATH '$.field')) AS given) AS token
                WHERE field = 'text' AND COALESCE(before_it, '') <> 'not') THEN
        SET p_sort = COALESCE(p_sort, 'relevance');
    ELSEIF p_sort = 'relevance' THEN
        CALL raise_error('invalid_request', 'without words to be found nothing is more relevant',
                         JSON_OBJECT('errors', JSON_OBJECT('sort', JSON_ARRAY('without words to be found nothing is more relevant'))));
    END IF;

    IF v_filter IS NULL THEN
        SET p_condition = 'TRUE';
    ELSE
        CALL _compile_filter(p_workspace_id, p_actor_id, v_filter,
                             (SELECT time_zone FROM app_user WHERE id = p_actor_id), p_condition);
    END IF;
END
