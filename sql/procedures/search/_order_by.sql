CREATE PROCEDURE _order_by (
    INOUT p_sort   VARCHAR(64),
    IN    p_after  JSON,
    OUT   p_column VARCHAR(32),
    OUT   p_order  TEXT
)
    COMMENT '
Give the order of a list of tasks, and the condition that it goes on after a place.

As in _filter_fragment nothing of the text comes from the caller; the place is
read from @headgate_after.

Parameters
  p_sort    as for list_tasks; -id for NULL
  p_after   as for list_tasks
  p_column  the column that is sorted by
  p_order   AND ... ORDER BY ...

Result
  none

Errors
  invalid_request  tasks are not sorted by that, or there is no such place
'
    CONTAINS SQL
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_is_rising BOOLEAN     DEFAULT COALESCE(p_sort NOT LIKE '-%', FALSE);
    DECLARE v_field     VARCHAR(64) DEFAULT _sort_field(COALESCE(p_sort, '-id'));
    DECLARE v_has_gaps  BOOLEAN     DEFAULT v_field IN ('estimate', 'started', 'completed', 'due');
    DECLARE v_type      VARCHAR(16) DEFAULT JSON_TYPE(JSON_EXTRACT(p_after, '$[0]'));
    DECLARE v_beyond    VARCHAR(4)  DEFAULT IF(v_is_rising, ' > ', ' < ');
    DECLARE v_way       VARCHAR(8)  DEFAULT IF(v_is_rising, ' ASC', ' DESC');
    -- The most urgent first, and of these the oldest: so ready tasks stand in node_readiness.
    DECLARE v_is_urgency BOOLEAN    DEFAULT v_field = 'priority';
    DECLARE v_id_beyond VARCHAR(4)  DEFAULT IF(v_is_rising XOR v_is_urgency, ' > ', ' < ');
    DECLARE v_id_way    VARCHAR(8)  DEFAULT IF(v_is_rising XOR v_is_urgency, ' ASC', ' DESC');
    DECLARE v_value     VARCHAR(64) DEFAULT CONCAT('JSON_VALUE(@headgate_after, ''$[0]'' RETURNING ',
        CASE
            WHEN v_field IN ('id', 'task_id', 'priority', 'estimate') THEN 'UNSIGNED)'
            WHEN v_field = 'title' THEN 'CHAR(200))'
            ELSE 'CHAR(32))'
        END);
    DECLARE v_id        VARCHAR(64) DEFAULT 'JSON_VALUE(@headgate_after, ''$[1]'' RETURNING UNSIGNED)';

    SET p_sort   = CONCAT(IF(v_is_rising, '', '-'), v_field),
        p_column = ELT(
            FIELD(v_field, 'id', 'task_id', 'relevance', 'title', 'priority', 'estimate',
                  'created', 'updated', 'started', 'completed', 'due'),
            'task.id', 'task.id', 'task.id', 'task.title', 'node.priority_rank', 'task.estimate_minutes',
            'task.created_at', 'task.updated_at', 'task.started_at', 'task.completed_at', 'task.due_at');

    IF p_column IS NULL THEN
        CALL raise_error('invalid_request', 'tasks are not sorted by that',
                         JSON_OBJECT('errors', JSON_OBJECT('sort', JSON_ARRAY(
                             'relevance, id, title, priority, estimate, created, updated, started, completed, due; - for falling'))));
    END IF;

    IF p_after IS NOT NULL
       AND NOT COALESCE(
           JSON_LENGTH(p_after) = 2 AND JSON_TYPE(JSON_EXTRACT(p_after, '$[1]')) LIKE '%INTEGER'
           AND CASE
                   WHEN v_type = 'NULL' THEN v_has_gaps
                   WHEN v_field = 'relevance' THEN
                       JSON_SCHEMA_VALID('{"type": "array", "minItems": 3, "maxItems": 3,
                                           "items": {"type": "integer", "minimum": 0, "maximum": 4398046511104}}',
                                         JSON_EXTRACT(p_after, '$[0]'))
                   WHEN v_field IN ('id', 'task_id', 'priority', 'estimate') THEN v_type LIKE '%INTEGER'
                   WHEN v_field = 'title' THEN v_type = 'STRING'
                   ELSE v_type = 'STRING' AND CAST(JSON_VALUE(p_after, '$[0]' RETURNING CHAR(32)) AS DATETIME(6)) IS NOT NULL
               END, FALSE) THEN
        CALL raise_error('invalid_request', 'there is no such place in the list',
                         JSON_OBJECT('errors', JSON_OBJECT('cursor', JSON_ARRAY('is not what a page of this order gave'))));
    END IF;

    SET @headgate_after = p_after;
    SET p_order = CONCAT(
        CASE
            -- _rank_page says between which of the newest.
            WHEN v_field = 'relevance'  THEN ' AND task.id BETWEEN @headgate_oldest AND @headgate_newest'
            WHEN p_after IS NULL        THEN ''
            WHEN p_column = 'task.id'   THEN CONCAT(' AND task.id', v_beyond, v_id)
            -- NULL comes before every value, so last in falling order.
            WHEN v_type = 'NULL' THEN
                CONCAT(' AND (', p_column, IF(v_is_rising, ' IS NOT NULL OR ', ' IS NULL AND '), 'task.id', v_id_beyond, v_id, ')')
            ELSE CONCAT(' AND (', p_column, v_beyond, v_value, ' OR ', p_column, ' = ', v_value, ' AND task.id', v_id_beyond, v_id,
                        IF(v_has_gaps AND NOT v_is_rising, CONCAT(' OR ', p_column, ' IS NULL'), ''), ')')
        END,
        ' ORDER BY ', p_column, IF(v_field = 'relevance', ' DESC', v_way), IF(p_column = 'task.id', '', CONCAT(', task.id', v_id_way)));
END
