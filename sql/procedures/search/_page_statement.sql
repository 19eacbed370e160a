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
    DECLARE v_leader TEXT;
    DECLARE v_alias  VARCHAR(64);
    DECLARE v_source VARCHAR(16);
    DECLARE v_index  VARCHAR(64);
    DECLARE v_id     VARCHAR(32);
    DECLARE v_order  TEXT;
    DECLARE v_found  TEXT;

    IF p_condition <> 'TRUE' THEN
        CALL _choose_driver(p_column, v_driver);
    END IF;

    -- What leads is not looked up again for each task that it gives: neither its term, where that
    -- is all of it, nor the row of a word that others must follow.
    IF JSON_LENGTH(v_driver) = 3 THEN
        SET v_leader = JSON_UNQUOTE(JSON_EXTRACT(v_driver, '$[2]'));

        IF JSON_EXTRACT(v_driver, '$[0]') = 'tag' THEN
            SET p_condition = REPLACE(p_condition,
                                      _filter_fragment('tag', ':', NULL, REGEXP_SUBSTR(v_leader, '[$][^'']+'), FALSE, FALSE), 'TRUE');
        ELSEIF JSON_EXTRACT(v_driver, '$[0]') = 'task_word' THEN
            SET v_alias     = REPLACE(REGEXP_SUBSTR(v_leader, '@headgate_word[0-9_]+'), '@headgate_', ''),
                p_condition = REPLACE(p_condition,
                                      CONCAT('EXISTS (SELECT 1 FROM task_word AS ', v_alias, ' WHERE ', v_alias,
                                             '.workspace_id = @headgate_workspace_id AND ', v_alias, '.task_id = task.id AND ',
                                             REPLACE(v_leader, 'task_word.', CONCAT(v_alias, '.')), ')'),
                                      'TRUE');

            IF JSON_EXTRACT(v_driver, '$[1]') = 'PRIMARY' THEN
                SET p_condition = REPLACE(REPLACE(REPLACE(p_condition, CONCAT('task_word AS ', v_alias, ' STRAIGHT_JOIN '), ''),
                                                  CONCAT(' STRAIGHT_JOIN task_word AS ', v_alias, ' '), ' '),
                                          CONCAT(v_alias, '.'), 'task_word.');
            END IF;
        END IF;
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

    -- The index that leads is named: by its guess of how many there are, MySQL would
    -- rather sort. And it must not walk the tasks of all workspaces by their ids.
    -- The task itself is only read where something is asked of it: MySQL tries what it
    -- looks up elsewhere after it has read all that is joined.
    SET v_id        = IF(v_source = 'task', 'task.id', CONCAT(v_source, '.task_id')),
        p_condition = REPLACE(p_condition, 'task.id', v_id),
        p_column    = REPLACE(p_column, 'task.id', v_id),
        v_order     = REPLACE(p_order, 'task.id', v_id),
        p_page      = CONCAT(
            'SELECT ', v_id, ' AS id, ', p_column, ' AS value FROM ', COALESCE(v_found, v_source),
            COALESCE(CONCAT(' FORCE INDEX (', v_index, ')'), IF(v_source = 'task', ' IGNORE INDEX FOR ORDER BY (PRIMARY)', '')),
            IF(v_source = 'task' OR CONCAT(p_column, p_condition) NOT LIKE '%task.%', '',
               CONCAT(' STRAIGHT_JOIN task ON task.id = ', v_id)),
            CASE
                WHEN v_source = 'node' OR CONCAT(p_condition, p_order) NOT LIKE '%node.%' THEN ''
                WHEN v_source IN ('tag', 'task_word') THEN CONCAT(' STRAIGHT_JOIN node ON node.task_id = ', v_id)
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
                      REPLACE(REPLACE(SUBSTRING_INDEX(v_order, ' ORDER BY ', -1), v_id, 'id'), p_column, 'value'),
                      ' LIMIT ?, ?')
          INTO p_page
          FROM JSON_TABLE(v_driver, '$[2 to last]' COLUMNS (beginning TEXT PATH '$')) AS driver;
    END IF;
END
