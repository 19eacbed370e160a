CREATE PROCEDURE _choose_driver (
    IN  p_column VARCHAR(32),
    OUT p_driver JSON
)
    COMMENT '
Say where to begin to read the tasks that a filter finds, so that they come in order.

Of the terms that must hold by themselves, one leads. Each of its values has an
index in which its tasks stand in the order of their ids, so that a page is found
without reading the rest and without sorting. A tag goes first, of several the
rarest: it is mostly on the fewest; then people, statuses, priorities. Words of the text go before it as long
as they are in few tasks, and after it otherwise. Left to itself, MySQL would read and
sort all tasks of several values, and walk through all tasks for a later page. The
same goes for the times when open tasks are due.

Reads what _compile_filter has left in @headgate_values.

Parameters
  p_column  the column that is sorted by, as _order_by gives it; NULL if in no order
  p_driver  an array: a table (tag, node, task_word or task), its index, and conditions of which
            each task that is found meets one. Without an index MySQL chooses; of task_word it
            means that the tasks are to be found first. NULL if nothing leads

Result
  none
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_column VARCHAR(32) DEFAULT COALESCE(p_column, 'task.id');

    SET p_driver = NULL;

    -- The terms outside of all parentheses, if there is no or among them. What
    -- programs send may have parentheses around each part: there it is enough that
    -- none holds an or, or stands after a not.
    SELECT CASE
               WHEN kind = 'order' THEN NULL
               WHEN kind = 'span' AND p_column IS NULL THEN
                   JSON_ARRAY('task', ELT(FIELD(field, 'created', 'updated', 'started', 'completed', 'due', 'estimate'),
                                          'task_created', 'task_updated', 'task_started', 'task_completed', 'task_due',
                                          'task_estimate'))
               WHEN kind IN ('free', 'span') OR count > 10 THEN JSON_ARRAY('task')
               WHEN kind IN ('rare words', 'word') THEN
                   JSON_MERGE_PRESERVE(JSON_ARRAY('task_word', IF(kind = 'word', 'PRIMARY', NULL)), JSON_EXTRACT(words, '$[2 to last]'))
               WHEN kind = 'tag' THEN
                   (SELECT JSON_MERGE_PRESERVE('["tag", "tag_tasks"]', JSON_ARRAYAGG(
                               CONCAT('tag.name = JSON_VALUE(@headgate_values, ''', path, nr - 1, ']'' RETURNING CHAR(1000))')))
                      FROM JSON_TABLE(listed, '$[*]' COLUMNS (nr FOR ORDINALITY)) AS listed
                     WHERE comparison <> 'all' OR nr = JSON_EXTRACT(reach, '$[1]'))
               WHEN kind = 'open' THEN
                   (SELECT JSON_MERGE_PRESERVE('["task", "task_status_due"]', JSON_ARRAYAGG(CONCAT('task.status = ', QUOTE(status))))
                      FROM task_status
                     WHERE is_open)
               WHEN kind = 'is' THEN
                   (SELECT JSON_MERGE_PRESERVE(JSON_ARRAY('node', IF(v_column = 'task.id', 'node_state', 'node_readiness')),
                                               JSON_ARRAYAGG(CONCAT('node.readiness = ', QUOTE(readiness))))
                      FROM (SELECT 'ready' AS readiness UNION ALL SELECT 'blocked' UNION ALL SELECT 'closed') AS known
                     WHERE JSON_CONTAINS(listed, JSON_QUOTE(readiness))
                        OR readiness <> 'closed' AND JSON_CONTAINS(listed, '"open"'))
               ELSE
                   (SELECT JSON_MERGE_PRESERVE(
                               JSON_ARRAY('task', IF(p_column = 'task.due_at', 'task_status_due',
                                                     ELT(FIELD(field, 'assignee', 'team', 'creator', 'status', 'priority'),
                                                         'task_assignee', 'task_assignee_team', 'task_creator',
                                                         'task_by_status', 'task_by_priority'))),
                               JSON_ARRAYAGG(_filter_fragment(field, ':', value, CONCAT(path, nr - 1, ']'), FALSE, FALSE)))
                      FROM JSON_TABLE(listed, '$[*]' COLUMNS (nr FOR ORDINALITY, value VARCHAR(64) PATH '$')) AS listed)
           END
      INTO p_driver
      FROM (SELECT token.*, JSON_LENGTH(listed) AS count,
                   CASE
                       WHEN field = 'is' AND v_column IN ('task.id', 'node.priority_rank') AND NOT JSON_CONTAINS(listed, '"overdue"')
                           THEN 'is'
                       -- What is sorted by something else is read whole: that pays up to where its order
                       -- comes upon as many as a page has.
                       WHEN field = 'text' AND JSON_EXTRACT(words, '$[0]') < CASE WHEN v_column <> 'task.id'                 THEN 7000
                                                                                  WHEN JSON_EXTRACT(words, '$[1]') = 1       THEN 2000
                                                                                  ELSE 20000
                                                                             END
                           THEN 'rare words'
                       WHEN field = 'text'
                           THEN IF(JSON_EXTRACT(words, '$[1]') = 1 AND v_column = 'task.id', 'word', NULL)
                       WHEN p_column = 'node.priority_rank'                                     THEN NULL
                       WHEN field IN ('id', 'blocked_by', 'waits_for')                          THEN 'free'
                       WHEN field = 'tag'                                                       THEN IF(v_column = 'task.id', 'tag', 'free')
                       WHEN field = 'status' AND v_column IN ('task.id', 'task.due_at')         THEN 'column'
                       WHEN field IN ('priority', 'assignee', 'team', 'creator') AND v_column = 'task.id'
                           THEN 'column'
                       WHEN field = 'is' AND (p_column = 'task.due_at' AND JSON_CONTAINS('["open", "overdue"]', listed)
                                              OR p_column IS NULL AND JSON_CONTAINS('["overdue"]', listed))
                           THEN 'open'
                       -- A span of what is sorted by is a stretch of that order, which leads if nothing else does.
                       WHEN p_column = CONCAT('task.', field, IF(field = 'estimate', '_minutes', '_at')) THEN 'order'
                       WHEN field NOT IN ('is', 'has', 'effective_priority')                    THEN 'span'
                   END AS kind,
                   MAX(token = 'or') OVER () AS has_or, MAX(token = 'or' AND depth = 0) OVER () AS has_outer_or,
                   MAX(token = '(' AND before_it = 'not') OVER () AS has_not
              FROM (SELECT given.*, CONCAT('$[', place - 1, '].values[') AS path,
                           IF(field = 'text' AND comparison <> 'none',
                              _word_driver(listed, comparison, CONCAT('$[', place - 1, '].values[')), NULL) AS words,
                           IF(field = 'tag' AND (comparison = 'all'
                                                 OR JSON_LENGTH(JSON_SEARCH(@headgate_values, 'all', 'tag', NULL, '$[*].field')) > 1),
                              _tag_reach(listed, comparison), NULL) AS reach,
                           LAG(token) OVER (ORDER BY place) AS before_it,
                           SUM((token = '(') - (token = ')')) OVER (ORDER BY place) AS depth
                      FROM JSON_TABLE(@headgate_values, '$[*]' COLUMNS (
                               place      FOR ORDINALITY,
                               token      VARCHAR(16) PATH '$.kind',
                               field      VARCHAR(64) PATH '$.field',
                               comparison VARCHAR(8)  PATH '$.comparison',
                               listed     JSON        PATH '$.values')) AS given) AS token) AS token
     WHERE token = 'term' AND comparison <> 'none' AND COALESCE(before_it, '') <> 'not'
       AND (depth = 0 AND NOT has_outer_or OR NOT has_or AND NOT COALESCE(has_not, FALSE)) AND kind IS NOT NULL
     ORDER BY FIELD(kind, 'free', 'rare words', 'tag', 'word', 'column', 'open', 'is', 'span', 'order'), JSON_EXTRACT(words, '$[0]'),
              JSON_EXTRACT(reach, '$[0]'), kind = 'column' AND count > 1,
              FIELD(field, 'assignee', 'team', 'creator', 'status', 'priority'), place
     LIMIT 1;
END
