CREATE PROCEDURE get_facets (
    IN p_actor_id     BIGINT UNSIGNED,
    IN p_workspace_id BIGINT UNSIGNED,
    IN p_filter       JSON,
    IN p_query        TEXT
)
    COMMENT '
Count the tasks that a filter finds, by status, priority, assignee, team and tag.

Parameters
  p_actor_id      the user who asks; NULL for the one that the SQL login is bound to
  p_workspace_id  the workspace; NULL for the personal one of the actor
  p_filter        as for list_tasks
  p_query         as for list_tasks

Result
  one row per field and value: field, value, tasks. A term of both finds these among the
  tasks that the filter finds. Most frequent values first; of tags, assignees and teams
  the 50 most frequent

Errors
  actor_not_allowed    the login may not ask for that user
  actor_required       the login may ask for any user and named none
  permission_denied    the role of the actor does not allow reading
  workspace_not_found  there is no such workspace for the actor
  invalid_request      the filter or the query means nothing; the error says where
  search_invalid       a saved search that is named cannot be read any more

Example
  CALL get_facets(NULL, NULL, NULL, "is:open");
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_condition LONGTEXT;
    DECLARE v_sort      VARCHAR(64);
    DECLARE v_driver    JSON;
    DECLARE v_leads     TEXT;
    DECLARE v_source    TEXT DEFAULT 'task';

    CALL _find_workspace(p_actor_id, p_workspace_id);
    CALL _read_search(p_workspace_id, p_actor_id, p_filter, p_query, v_sort, v_condition);

    -- Where much is found, MySQL would rather read all tasks than those of a span or of several tags.
    IF v_condition <> 'TRUE' THEN
        CALL _choose_driver(NULL, v_driver);

        SELECT /*+ SET_VAR(group_concat_max_len = 4194304) */ GROUP_CONCAT(beginning SEPARATOR ' OR ')
          INTO v_leads
          FROM JSON_TABLE(v_driver, '$[2 to last]' COLUMNS (beginning TEXT PATH '$')) AS driver;

        IF JSON_EXTRACT(v_driver, '$[0]') = 'tag' AND JSON_LENGTH(v_driver) > 3 THEN
            SET v_source = CONCAT('(SELECT DISTINCT task_id FROM tag FORCE INDEX (tag_tasks)
                                     WHERE workspace_id = @headgate_workspace_id AND (', v_leads, ')) AS marked
                                   STRAIGHT_JOIN task ON task.id = marked.task_id'),
                -- So the term holds, and is not looked up again.
                v_condition = REPLACE(v_condition,
                                      _filter_fragment('tag', ':', NULL,
                                                       REGEXP_SUBSTR(JSON_UNQUOTE(JSON_EXTRACT(v_driver, '$[2]')), '[$][^'']+'),
                                                       FALSE, FALSE), 'TRUE');
        ELSEIF JSON_EXTRACT(v_driver, '$[0]') = 'task' AND JSON_VALUE(v_driver, '$[1]') IS NOT NULL THEN
            SET v_source    = CONCAT('task FORCE INDEX (', JSON_VALUE(v_driver, '$[1]'), ')'),
                v_condition = CONCAT(v_condition, COALESCE(CONCAT(') AND (', v_leads), ''));
        END IF;
    END IF;

    -- As in list_tasks. What is found is read once, in memory also if it is much (MySQL writes
    -- more than 16 MB to disk), and in the order of ids (MRR); most tasks share their status,
    -- priority and assignee with many, so what is counted by each of these is little. The tags
    -- of all tasks are counted as they stand.
    SET @headgate_workspace_id = p_workspace_id,
        @headgate_statement = CONCAT('
            WITH found AS (
                SELECT /*+ MRR(task) */ task.id, task.status, task.priority, task.assignee_id, task.assignee_team_id
                  FROM ', v_source, IF(v_condition LIKE '%node.%', ' JOIN node ON node.task_id = task.id AND node.workspace_id = task.workspace_id', ''), '
                 WHERE task.workspace_id = @headgate_workspace_id AND (', v_condition, ')
            ),
            alike AS (
                SELECT status, priority, assignee_id, assignee_team_id, COUNT(*) AS tasks
                  FROM found
                 GROUP BY status, priority, assignee_id, assignee_team_id
            ),
            facet AS (
                SELECT ''status'' AS field, status AS value, SUM(tasks) AS tasks FROM alike GROUP BY status
                 UNION ALL
                SELECT ''priority'', priority, SUM(tasks) FROM alike GROUP BY priority
                 UNION ALL
                SELECT ''assignee'', COALESCE(app_user.username, ''none''), SUM(tasks)
                  FROM alike
                  LEFT JOIN app_user ON app_user.id = alike.assignee_id
                 GROUP BY app_user.username
                 UNION ALL
                SELECT ''team'', COALESCE(team.name, ''none''), SUM(tasks)
                  FROM alike
                  LEFT JOIN team ON team.id = alike.assignee_team_id
                 GROUP BY team.name
                 UNION ALL
                SELECT ''tag'', tag.name, COUNT(*)
                  FROM ', IF(v_condition = 'TRUE', 'tag FORCE INDEX (tag_tasks) WHERE',
                             'found STRAIGHT_JOIN tag FORCE INDEX (PRIMARY) ON tag.task_id = found.id AND'), '
                       tag.workspace_id = @headgate_workspace_id
                 GROUP BY tag.name
            )
            SELECT /*+ SET_VAR(cte_max_recursion_depth = 4294967295) SET_VAR(tmp_table_size = 134217728)
                   SET_VAR(read_rnd_buffer_size = 16777216) */
                   field, value, CAST(tasks AS UNSIGNED) AS tasks
              FROM (SELECT facet.*, ROW_NUMBER() OVER (PARTITION BY field ORDER BY tasks DESC, value) AS place FROM facet) AS facet
             WHERE place <= 50
             ORDER BY FIELD(field, ''status'', ''priority'', ''assignee'', ''team'', ''tag''), place');
    PREPARE facets_of_tasks FROM @headgate_statement;
    EXECUTE facets_of_tasks;
    DEALLOCATE PREPARE facets_of_tasks;
END
