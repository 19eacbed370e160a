CREATE PROCEDURE _page_statement (
    IN  p_condition LONGTEXT,
    IN  p_column    VARCHAR(32),
    IN  p_order     TEXT,
    IN  p_count     BIGINT UNSIGNED,
    OUT p_page      LONGTEXT
)
    COMMENT '
Write the query for a page of tasks, so that it reads little more than it shows.

One statement for every combination would have one plan for all of them. So it is
put together, from the pieces in _filter_fragment, _choose_driver and _order_by.

Parameters
  p_condition  as _compile_filter gives it; TRUE for all tasks
  p_column     as _order_by gives it
  p_order      as _order_by gives it
  p_count      how many rows at most are left out and shown together
  p_page       a query for id and value, the column that is sorted by; two ? in it stand for how
               many to leave out and to show

Result
  none
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_driver JSON;
    DECLARE v_source VARCHAR(16);
    DECLARE v_index  VARCHAR(64);
    DECLARE v_order  TEXT;
    DECLARE v_found  TEXT;

    IF p_condition <> 'TRUE' THEN
        CALL _choose_driver(p_column, v_driver);
    END IF;

    -- The word that leads is not looked up again for each task that it gives.
    IF JSON_EXTRACT(v_driver, '$[0]') = 'task_word' AND JSON_LENGTH(v_driver) = 3 THEN
        SET p_condition = REPLACE(p_condition,
                                  CONCAT('EXISTS (SELECT 1 FROM task_word AS word0 WHERE word0.workspace_id = @headgate_workspace_id',
                                         ' AND word0.task_id = task.id AND ',
                                         REPLACE(JSON_UNQUOTE(JSON_EXTRACT(v_driver, '$[2]')), 'task_word.', 'word0.'), ')'),
                                  'TRUE');
    END IF;

    -- Few tasks are found by their words first, each once, and then put in order.
    IF JSON_EXTRACT(v_driver, '$[0]') = 'task_word' AND JSON_TYPE(JSON_EXTRACT(v_driver, '$[1]')) = 'NULL' THEN
        SELECT /*+ SET_VAR(group_concat_max_len = 4194304) */
               CONCAT('(SELECT DISTINCT workspace_id, task_id FROM task_word FORCE INDEX (PRIMARY)',
                      ' WHERE workspace_id = @headgate_workspace_id AND (', GROUP_CONCAT(beginning SEPARATOR ' OR '), ')) AS task_word')
          INTO v_found
          FROM JSON_TABLE(v_driver, '$[2 to last]' COLUMNS (beginning TEXT PATH '$')) AS driver;
        SET v_driver = JSON_ARRAY('task_word', NULL);
    END IF;

    -- Where nothing leads, the order does.
    SET v_source = COALESCE(JSON_UNQUOTE(JSON_EXTRACT(v_driver, '$[0]')), SUBSTRING_INDEX(p_column, '.', 1)),
        v_index  = IF(v_driver IS NULL,
                      ELT(FIELD(p_column, 'task.id', 'task.title', 'task.estimate_minutes', 'task.created_at', 'task.updated_at',
                                          'task.started_at', 'task.completed_at', 'task.due_at', 'node.priority_rank'),
                          'task_workspace', 'task_title', 'task_estimate', 'task_created', 'task_updated',
                          'task_started', 'task_completed', 'task_due', 'node_priority'),
                      JSON_VALUE(v_driver, '$[1]'));

    -- Then the rest is looked up for each task that it gives, and not listed beforehand.
    IF v_index IS NOT NULL OR v_found IS NOT NULL THEN
        SET p_condition = REPLACE(p_condition, 'EXISTS (SELECT 1', 'EXISTS (SELECT /*+ NO_SEMIJOIN() */ 1');
    END IF;

    -- Where words lead, most are left out by other words, before the task itself is read.
    IF v_source = 'task_word' THEN
        SET p_condition = REPLACE(p_condition, 'task.id', 'task_word.task_id');
    END IF;

    -- The index that leads is named: by its guess of how many there are, MySQL would
    -- rather sort. And it must not walk the tasks of all workspaces by their ids.
    SET v_order = IF(v_source = 'task', p_order, REPLACE(p_order, 'task.id', CONCAT(v_source, '.task_id'))),
        p_page  = CONCAT(
            'SELECT ', IF(v_source = 'task', 'task.id', CONCAT(v_source, '.task_id AS id')), ', ', p_column, ' AS value FROM ',
            COALESCE(v_found, v_source),
            COALESCE(CONCAT(' FORCE INDEX (', v_index, ')'), IF(v_source = 'task', ' IGNORE INDEX FOR ORDER BY (PRIMARY)', '')),
            IF(v_source = 'task', '', CONCAT(' STRAIGHT_JOIN task ON task.id = ', v_source, '.task_id')),
            CASE
                WHEN v_source = 'node' OR CONCAT(p_condition, p_order) NOT LIKE '%node.%' THEN ''
                WHEN v_source IN ('tag', 'task_word') THEN ' STRAIGHT_JOIN node ON node.task_id = task.id'
                ELSE ' JOIN node ON node.task_id = task.id'
            END,
            ' WHERE ', v_source, '.workspace_id = @headgate_workspace_id AND (', p_condition, ')');

    IF COALESCE(JSON_LENGTH(v_driver), 0) < 4 THEN
        SET p_page = CONCAT(p_page, COALESCE(CONCAT(' AND ', JSON_UNQUOTE(JSON_EXTRACT(v_driver, '$[2]'))), ''), v_order, ' LIMIT ?, ?');
    ELSE
        -- Of each value as many as the page may need.
        SELECT /*+ SET_VAR(group_concat_max_len = 4194304) */
               CONCAT('SELECT id, value FROM (',
                      GROUP_CONCAT(CONCAT('(', p_page, ' AND ', beginning, v_order, ' LIMIT ', p_count, ')') SEPARATOR ' UNION '),
                      ') AS task ORDER BY ',
                      REPLACE(REPLACE(SUBSTRING_INDEX(v_order, ' ORDER BY ', -1),
                                      CONCAT(v_source, IF(v_source = 'task', '.id', '.task_id')), 'id'), p_column, 'value'),
                      ' LIMIT ?, ?')
          INTO p_page
          FROM JSON_TABLE(v_driver, '$[2 to last]' COLUMNS (beginning TEXT PATH '$')) AS driver;
    END IF;
END
