CREATE PROCEDURE find_ready_tasks (
    IN p_actor_id              BIGINT UNSIGNED,
    IN p_workspace_id          BIGINT UNSIGNED,
    IN p_filter                JSON,
    IN p_query                 TEXT,
    IN p_by_effective_priority BOOLEAN,
    IN p_skip                  INT UNSIGNED,
    IN p_limit                 INT UNSIGNED
)
    COMMENT '
List the open tasks that wait for nothing open and that a search finds, most urgent first.

Parameters
  p_actor_id               the user who asks; NULL for the one that the SQL login is bound to
  p_workspace_id           the workspace; NULL for the personal one of the actor
  p_filter                 as for list_tasks
  p_query                  as for list_tasks; an order in it is left aside
  p_by_effective_priority  TRUE: a task is as urgent as the most urgent open task that waits
                           for it, as get_effective_priority tells; FALSE: as it says itself
  p_skip                   how many rows to leave out; NULL for none
  p_limit                  how many rows at most; NULL for all

Result
  task rows, as get_task gives them, and effective_priority (NULL unless the order is by it);
  by falling priority of that kind, then by task_id

Errors
  actor_not_allowed    the login may not ask for that user
  actor_required       the login may ask for any user and named none
  permission_denied    the role of the actor does not allow reading
  workspace_not_found  there is no such workspace for the actor
  invalid_request      the filter or the query means nothing; the error says where
  search_invalid       a saved search that is named cannot be read any more

Example
  CALL find_ready_tasks(NULL, NULL, NULL, "search:1 -tag:later", FALSE, 0, 10);
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_from   TINYINT UNSIGNED;
    DECLARE v_lowest TINYINT UNSIGNED;
    DECLARE v_found  JSON;
    DECLARE v_page   JSON;

    CALL _find_workspace(p_actor_id, p_workspace_id);
    SET p_skip = COALESCE(p_skip, 0), p_limit = COALESCE(p_limit, 4294967295);

    IF p_query <> '' OR JSON_LENGTH(p_filter) > 0 OR JSON_TYPE(p_filter) <> 'OBJECT' THEN
        CALL _search_ready(p_workspace_id, p_actor_id, p_filter, p_query, IF(p_by_effective_priority, 0, p_skip),
                           IF(p_by_effective_priority, 4294967295, p_limit), v_found);
    END IF;

    IF v_found IS NOT NULL AND NOT COALESCE(p_by_effective_priority, FALSE) THEN
        SET v_page = v_found;
    ELSEIF p_by_effective_priority THEN
        SELECT MIN(priority_rank) INTO v_lowest FROM node WHERE workspace_id = p_workspace_id AND readiness = 'ready';
        SELECT MAX(sort_order) INTO v_from FROM task_priority;

        -- Every priority that would raise some ready task goes down from the blocked tasks
        -- that have it, as far as it raises what it meets: a task is visited at most once
        -- for each priority. First the highest alone, which mostly fills the page; then all.
        REPEAT
            -- (waiting_for < 1: see explain_blocked.)
            WITH RECURSIVE raised (task_id, waiting_for, priority_rank) AS (
                SELECT task_id, waiting_for, priority_rank
                  FROM node
                 WHERE workspace_id = p_workspace_id AND readiness = 'blocked'
                   AND priority_rank >= v_from AND priority_rank > v_lowest
                 UNION
                SELECT /*+ JOIN_FIXED_ORDER() JOIN_INDEX(edge PRIMARY) */
                       prerequisite.task_id, prerequisite.waiting_for, raised.priority_rank
                  FROM raised
                  JOIN dependency AS edge ON edge.workspace_id = p_workspace_id AND edge.task_id = raised.task_id
                  JOIN node AS prerequisite ON prerequisite.task_id = edge.depends_on_id
                 WHERE raised.waiting_for > 0 AND prerequisite.is_open AND prerequisite.priority_rank < raised.priority_rank
            ),
            ready (task_id, priority_rank) AS (
                SELECT task_id, priority_rank
                  FROM node
                 WHERE workspace_id = p_workspace_id AND readiness = 'ready' AND priority_rank >= v_from
                 UNION ALL
                SELECT task_id, priority_rank FROM raised WHERE waiting_for < 1
            ),
            page (task_id, priority_rank) AS (
                SELECT task_id, MAX(priority_rank)
                  FROM ready
                 WHERE v_found IS NULL
                    OR task_id IN (SELECT id FROM JSON_TABLE(v_found, '$[*]' COLUMNS (id BIGINT UNSIGNED PATH '$[1]')) AS found)
                 GROUP BY task_id
                 ORDER BY MAX(priority_rank) DESC, task_id
                 LIMIT p_skip, p_limit
            )
            SELECT /*+ SET_VAR(cte_max_recursion_depth = 4294967295) */ JSON_ARRAYAGG(JSON_ARRAY(priority_rank, task_id))
              INTO v_page
              FROM page;

            SET v_from = NULLIF(v_lowest, v_from);
        UNTIL COALESCE(JSON_LENGTH(v_page), 0) >= p_limit OR v_from IS NULL
        END REPEAT;
    ELSE
        SELECT JSON_ARRAYAGG(JSON_ARRAY(priority_rank, task_id))
          INTO v_page
          FROM (SELECT task_id, priority_rank
                  FROM node
                 WHERE workspace_id = p_workspace_id AND readiness = 'ready'
                 ORDER BY priority_rank DESC, task_id
                 LIMIT p_skip, p_limit) AS page;
    END IF;

    -- As _show_tasks, and one column more.
    SELECT /*+ JOIN_FIXED_ORDER() */
           task.id AS task_id, task.workspace_id,
           (SELECT MAX(revision) FROM change_log WHERE change_log.workspace_id = p_workspace_id) AS revision,
           task.task_key, task.title, task.description,
           task.status, task.priority, task.assignee_id, task.assignee_team_id, task.estimate_minutes, task.due_at,
           (SELECT /*+ INDEX(tag PRIMARY) */ COALESCE(JSON_ARRAYAGG(tag.name), JSON_ARRAY())
              FROM tag
             WHERE tag.workspace_id = p_workspace_id AND tag.task_id = task.id) AS tags,
           (SELECT /*+ INDEX(edge PRIMARY) */ COALESCE(JSON_ARRAYAGG(edge.depends_on_id), JSON_ARRAY())
              FROM dependency AS edge
             WHERE edge.workspace_id = p_workspace_id AND edge.task_id = task.id) AS depends_on,
           node.readiness, node.waiting_for, task.version, task.created_by,
           task.created_at, task.updated_at, task.started_at, task.completed_at,
           (SELECT task_priority.priority
              FROM task_priority
             WHERE task_priority.sort_order = wanted.priority_rank AND p_by_effective_priority) AS effective_priority
      FROM JSON_TABLE(v_page, '$[*]' COLUMNS (
               priority_rank TINYINT UNSIGNED PATH '$[0]',
               task_id       BIGINT UNSIGNED  PATH '$[1]')) AS wanted
      JOIN task ON task.id = wanted.task_id
      JOIN node ON node.task_id = task.id
     WHERE task.workspace_id = p_workspace_id
     ORDER BY wanted.priority_rank DESC, task.id;
END
