CREATE PROCEDURE _report_changes (
    IN  p_workspace_id BIGINT UNSIGNED,
    IN  p_revision     BIGINT UNSIGNED,
    IN  p_last_id      BIGINT UNSIGNED,
    IN  p_is_final     BOOLEAN,
    OUT p_report       JSON
)
    COMMENT '
Say what a batch of changes did, or why it is refused.

What was before is told by the change log of the batch and by what is now.

Parameters
  p_workspace_id  the workspace
  p_revision      its revision before the batch
  p_last_id       its highest task id before the batch
  p_is_final      whether the ids of new tasks will last
  p_report        an object with a member for each column of apply_changes but the first four

Result
  none
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_refused    JSON;
    DECLARE v_not_judged JSON;
    DECLARE v_created    JSON;
    DECLARE v_ready      JSON;
    DECLARE v_blocked    JSON;
    DECLARE v_reopened   JSON;
    DECLARE v_count      INT UNSIGNED;

    SELECT COUNT(code) INTO v_count FROM change_error;
    SELECT JSON_ARRAYAGG(place) INTO v_not_judged
      FROM (SELECT place FROM change_error WHERE code IS NULL ORDER BY place LIMIT 50000) AS ordered;
    SELECT JSON_ARRAYAGG(JSON_MERGE_PATCH(facts, JSON_OBJECT('index', place, 'op', op, 'code', code, 'detail', detail)))
      INTO v_refused
      FROM (SELECT change_error.place, change_item.op, change_error.code, change_error.detail, change_error.facts
              FROM change_error
              JOIN change_item ON change_item.place = change_error.place
             WHERE change_error.code IS NOT NULL
             ORDER BY change_error.place
             LIMIT 1000) AS first_refusals;

    IF v_count = 0 THEN
        SELECT JSON_ARRAYAGG(JSON_OBJECT('index', place, 'key', name, 'task_id', IF(p_is_final, task_id, NULL), 'readiness', readiness))
          INTO v_created
          FROM (SELECT change_name.place, change_name.name, node.task_id, node.readiness
                  FROM change_name
                  JOIN node ON node.task_id = change_name.task_id
                 ORDER BY change_name.place
                 LIMIT 1000000) AS ordered;

        SELECT JSON_ARRAYAGG(JSON_OBJECT('index', place, 'task_id', task_id, 'title', title))
          INTO v_reopened
          FROM (SELECT change_reopened.place, change_reopened.task_id, task.title
                  FROM change_reopened
                  JOIN task ON task.id = change_reopened.task_id
                 WHERE task.id <= p_last_id
                 ORDER BY change_reopened.task_id
                 LIMIT 1000000) AS ordered;

        WITH status_change (task_id, revision) AS (
            SELECT task_id, MIN(revision)
              FROM change_log
             WHERE workspace_id = p_workspace_id AND revision > p_revision AND entity = 'task' AND action <> 'insert'
               AND task_id <= p_last_id
             GROUP BY task_id
        ),
        was (task_id, is_open) AS (
            SELECT /*+ JOIN_FIXED_ORDER() */ first_change.task_id, task_status.is_open
              FROM status_change
              JOIN change_log AS first_change
                ON first_change.workspace_id = p_workspace_id AND first_change.revision = status_change.revision
              JOIN task_status ON task_status.status = JSON_UNQUOTE(JSON_EXTRACT(first_change.old_row, '$.status'))
        ),
        flipped (task_id, was_open, is_open) AS (
            SELECT /*+ JOIN_FIXED_ORDER() */ was.task_id, was.is_open, COALESCE(node.is_open, FALSE)
              FROM was
              LEFT JOIN node ON node.task_id = was.task_id
             WHERE NOT was.is_open <=> node.is_open
        ),
        edge_change (task_id, depends_on_id, revision) AS (
            SELECT task_id, depends_on_id, MIN(revision)
              FROM change_log
             WHERE workspace_id = p_workspace_id AND revision > p_revision AND entity = 'dependency' AND task_id <= p_last_id
             GROUP BY task_id, depends_on_id
        ),
        -- Dependencies that were there before and are not now, or the other way round.
        turned (task_id, depends_on_id, was_there) AS (
            SELECT /*+ JOIN_FIXED_ORDER() */ edge_change.task_id, edge_change.depends_on_id, first_change.action = 'delete'
              FROM edge_change
              JOIN change_log AS first_change
                ON first_change.workspace_id = p_workspace_id AND first_change.revision = edge_change.revision
              LEFT JOIN dependency AS edge
                ON edge.workspace_id = p_workspace_id AND edge.task_id = edge_change.task_id
                   AND edge.depends_on_id = edge_change.depends_on_id
             WHERE (first_change.action = 'delete') <> (edge.task_id IS NOT NULL)
        ),
        -- How many open tasks fewer (or more, below zero) it waited for.
        difference (task_id, more) AS (
            SELECT task_id, 0 FROM flipped
             UNION ALL
            SELECT /*+ JOIN_FIXED_ORDER() */ turned.task_id,
                   IF(turned.was_there, CAST(COALESCE(flipped.was_open, prerequisite.is_open) AS SIGNED),
                      - CAST(prerequisite.is_open AS SIGNED))
              FROM turned
              LEFT JOIN node AS prerequisite ON prerequisite.task_id = turned.depends_on_id
              LEFT JOIN flipped ON flipped.task_id = turned.depends_on_id
             UNION ALL
            SELECT /*+ JOIN_FIXED_ORDER() JOIN_INDEX(edge dependency_dependents) */ edge.task_id,
                   CAST(flipped.was_open AS SIGNED) - CAST(flipped.is_open AS SIGNED)
              FROM flipped
              JOIN dependency AS edge ON edge.workspace_id = p_workspace_id AND edge.depends_on_id = flipped.task_id
              LEFT JOIN turned ON turned.task_id = edge.task_id AND turned.depends_on_id = edge.depends_on_id
             WHERE turned.task_id IS NULL
        ),
        compared (task_id, title, before_it, after_it) AS (
            SELECT /*+ JOIN_FIXED_ORDER() */ task.id, task.title,
                   CASE WHEN NOT COALESCE(flipped.was_open, node.is_open) THEN 'closed'
                        WHEN CAST(node.waiting_for AS SIGNED) + changed.more = 0 THEN 'ready'
                        ELSE 'blocked' END,
                   node.readiness
              FROM (SELECT task_id, SUM(more) AS more FROM difference GROUP BY task_id) AS changed
              JOIN node ON node.task_id = changed.task_id
              JOIN task ON task.id = changed.task_id
              LEFT JOIN flipped ON flipped.task_id = changed.task_id
             WHERE task.id <= p_last_id
             ORDER BY task.id
             LIMIT 1000000
        )
        SELECT /*+ SET_VAR(group_concat_max_len = 4294967295) */
               CAST(CONCAT('[', GROUP_CONCAT(IF(after_it = 'ready' AND before_it <> 'ready',
                                                JSON_OBJECT('task_id', task_id, 'title', title), NULL) ORDER BY task_id), ']') AS JSON),
               CAST(CONCAT('[', GROUP_CONCAT(IF(after_it = 'blocked' AND before_it <> 'blocked',
                                                JSON_OBJECT('task_id', task_id, 'title', title), NULL) ORDER BY task_id), ']') AS JSON)
          INTO v_ready, v_blocked
          FROM compared;
    END IF;

    SELECT JSON_OBJECT('tasks_created', COUNT(IF(entity = 'task' AND action = 'insert', 1, NULL)),
                       'tasks_updated', COUNT(DISTINCT IF(entity = 'task' AND action = 'update', task_id, NULL)),
                       'tasks_deleted', COUNT(IF(entity = 'task' AND action = 'delete', 1, NULL)),
                       'dependencies_added', COUNT(IF(entity = 'dependency' AND action = 'insert', 1, NULL)),
                       'dependencies_removed', COUNT(IF(entity = 'dependency' AND action = 'delete', 1, NULL)),
                       'created', COALESCE(v_created, JSON_ARRAY()),
                       'newly_ready', COALESCE(v_ready, JSON_ARRAY()),
                       'newly_blocked', COALESCE(v_blocked, JSON_ARRAY()),
                       'reopened', COALESCE(v_reopened, JSON_ARRAY()),
                       'refused_count', v_count,
                       'refused', COALESCE(v_refused, JSON_ARRAY()),
                       'not_judged', COALESCE(v_not_judged, JSON_ARRAY()))
      INTO p_report
      FROM change_log
     WHERE workspace_id = p_workspace_id AND revision > p_revision AND v_count = 0;
END
