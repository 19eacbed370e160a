CREATE PROCEDURE get_tree_as_of (
    IN p_actor_id  BIGINT UNSIGNED,
    IN p_task_id   BIGINT UNSIGNED,
    IN p_direction VARCHAR(10),
    IN p_depth     INT UNSIGNED,
    IN p_revision  BIGINT UNSIGNED,
    IN p_time      DATETIME(6)
)
    COMMENT '
Show all that a task waited for at some time, or all that waited for it, each task once.

Tasks and dependencies that have been deleted since are there again, with the titles,
words and readiness of then. Read from the change log alone, of which no line up to
that revision changes any more: so the answer never does either, and what it costs
depends on the tree and not on how much has happened since.

Parameters
  p_actor_id   the user who asks; NULL for the one that the SQL login is bound to
  p_task_id    the task; it may be deleted by now
  p_direction  upstream (what it waited for) or downstream (what waited for it)
  p_depth      how many steps away at most; NULL for any number
  p_revision   the revision after which to look, or NULL
  p_time       a point in time in UTC, or NULL: exactly one of the two. It means the
               newest revision that bears this time or an earlier one; the present, if
               it is later than the newest change

Result
  rows ordered by depth, then by task_id, the task itself first: task_id, parent_id (a
  neighbour one step nearer; NULL for the task itself), depth (the length of a
  shortest path, in steps), title, status, priority, readiness, revision (the one that
  was looked at, the same in each row)

Errors
  actor_not_allowed  the login may not ask for that user
  actor_required     the login may ask for any user and named none
  permission_denied  the role of the actor does not allow reading
  task_not_found     there is no such task for the actor, and there never was
  task_absent_then   the task was not made yet then, or deleted already
  revision_unknown   the workspace has not come to that revision
  invalid_request    the direction is neither of the two, or neither a revision nor a
                     time is given, or both are

Example
  CALL get_tree_as_of(NULL, 7, "upstream", NULL, 3, NULL);
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_workspace_id BIGINT UNSIGNED;
    DECLARE v_revision     BIGINT UNSIGNED;
    -- Depth and parent are noted beside the id as in get_dependency_tree, but as one
    -- number of twenty digits: depth * 10^13 + parent. No id has more than 13 digits.
    DECLARE v_hide         BINARY(20) DEFAULT UNHEX(REPEAT('DF', 20));
    DECLARE v_show         BINARY(20) DEFAULT UNHEX(REPEAT('20', 20));
    DECLARE v_step         BIGINT UNSIGNED DEFAULT 10000000000000;
    DECLARE v_first_note   CHAR(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_ai_ci
                           DEFAULT CONVERT(CAST(REPEAT('0', 20) AS BINARY(20)) & UNHEX(REPEAT('DF', 20)) USING utf8mb4);

    CALL _find_past_task(p_actor_id, v_workspace_id, p_task_id);
    CALL _find_revision(v_workspace_id, p_revision, p_time, v_revision);

    IF p_direction NOT IN ('upstream', 'downstream') OR p_direction IS NULL THEN
        CALL raise_error('invalid_request', 'the direction is upstream or downstream',
                         JSON_OBJECT('errors', JSON_OBJECT('direction', JSON_ARRAY('upstream or downstream'))));
    END IF;

    IF NOT COALESCE((SELECT /*+ INDEX(change_log change_log_task) */ action <> 'delete'
                       FROM change_log
                      WHERE workspace_id = v_workspace_id AND task_id = p_task_id AND entity = 'task'
                        AND depends_on_id IS NULL AND revision <= v_revision
                      ORDER BY revision DESC
                      LIMIT 1), FALSE) THEN
        CALL raise_error('task_absent_then', CONCAT('task ', p_task_id, ' was not there at revision ', v_revision),
                         JSON_OBJECT('task_id', p_task_id, 'revision', v_revision));
    END IF;

    -- A dependency is put in and taken out in turns: it was there after an odd number
    -- of changes. The last line about a task holds what it was.
    WITH RECURSIVE walk (task_id, note) AS (
        SELECT p_task_id, v_first_note
         UNION
        SELECT /*+ JOIN_FIXED_ORDER() */ edge.depends_on_id,
               CONVERT(CAST(LPAD((CAST(CAST(walk.note AS BINARY(20)) | v_show AS UNSIGNED) DIV v_step + 1) * v_step
                                 + walk.task_id, 20, '0') AS BINARY(20)) & v_hide USING utf8mb4)
          FROM walk
          JOIN LATERAL (
               (SELECT /*+ INDEX(line change_log_task) */ line.depends_on_id
                 FROM change_log AS line
                WHERE line.workspace_id = v_workspace_id AND line.task_id = walk.task_id AND line.entity = 'dependency'
                  AND line.revision <= v_revision
                GROUP BY line.workspace_id, line.task_id, line.entity, line.depends_on_id
               HAVING COUNT(*) % 2 = 1)) AS edge
         WHERE p_direction = 'upstream'
           AND (p_depth IS NULL OR CAST(CAST(walk.note AS BINARY(20)) | v_show AS UNSIGNED) DIV v_step < p_depth)
         UNION
        SELECT /*+ JOIN_FIXED_ORDER() */ edge.task_id,
               CONVERT(CAST(LPAD((CAST(CAST(walk.note AS BINARY(20)) | v_show AS UNSIGNED) DIV v_step + 1) * v_step
                                 + walk.task_id, 20, '0') AS BINARY(20)) & v_hide USING utf8mb4)
          FROM walk
          JOIN LATERAL (
               (SELECT /*+ INDEX(line change_log_dependents) */ line.task_id
                 FROM change_log AS line
                WHERE line.workspace_id = v_workspace_id AND line.depends_on_id = walk.task_id
                  AND line.revision <= v_revision
                GROUP BY line.workspace_id, line.depends_on_id, line.task_id
               HAVING COUNT(*) % 2 = 1)) AS edge
         WHERE p_direction = 'downstream'
           AND (p_depth IS NULL OR CAST(CAST(walk.note AS BINARY(20)) | v_show AS UNSIGNED) DIV v_step < p_depth)
    ),
    -- In the order of the index: neighbours in it are looked up one after another.
    reached (task_id, note) AS (
        SELECT task_id, CAST(CAST(note AS BINARY(20)) | v_show AS UNSIGNED)
          FROM walk
         ORDER BY task_id
         LIMIT 18446744073709551615
    ),
    fact (task_id, parent_id, depth, title, status, priority, is_open) AS (
        SELECT /*+ JOIN_FIXED_ORDER() */
               reached.task_id, NULLIF(reached.note % v_step, 0), reached.note DIV v_step,
               CAST(line.new_row ->> '$.title' AS CHAR(200)),
               CAST(line.new_row ->> '$.status' AS CHAR(16)),
               CAST(line.new_row ->> '$.priority' AS CHAR(16)),
               task_status.is_open
          FROM reached
          JOIN change_log AS line
            ON line.workspace_id = v_workspace_id
           AND line.revision = (SELECT /*+ INDEX(latest change_log_task) */ latest.revision
                                  FROM change_log AS latest
                                 WHERE latest.workspace_id = v_workspace_id AND latest.task_id = reached.task_id
                                   AND latest.entity = 'task' AND latest.depends_on_id IS NULL
                                   AND latest.revision <= v_revision
                                 ORDER BY latest.revision DESC
                                 LIMIT 1)
          LEFT JOIN task_status ON task_status.status = CONVERT(line.new_row ->> '$.status' USING ascii)
    )
    SELECT /*+ SET_VAR(cte_max_recursion_depth = 4294967295) JOIN_FIXED_ORDER() NO_MERGE(fact) NO_MERGE(parent) */
           fact.task_id, fact.parent_id, fact.depth, fact.title, fact.status, fact.priority,
           -- Downstream the parent is one that the task waits for, and mostly enough to know.
           CASE WHEN NOT COALESCE(fact.is_open, FALSE) THEN 'closed'
                WHEN parent.is_open
                     OR EXISTS (SELECT /*+ JOIN_FIXED_ORDER() */ 1
                                  FROM (SELECT /*+ INDEX(line change_log_task) */ line.depends_on_id
                                          FROM change_log AS line
                                         WHERE line.workspace_id = v_workspace_id AND line.task_id = fact.task_id
                                           AND line.entity = 'dependency' AND line.revision <= v_revision
                                         GROUP BY line.workspace_id, line.task_id, line.entity, line.depends_on_id
                                        HAVING COUNT(*) % 2 = 1) AS edge
                                  JOIN change_log AS prerequisite
                                    ON prerequisite.workspace_id = v_workspace_id
                                   AND prerequisite.revision = (SELECT /*+ INDEX(latest change_log_task) */ latest.revision
                                                                  FROM change_log AS latest
                                                                 WHERE latest.workspace_id = v_workspace_id
                                                                   AND latest.task_id = edge.depends_on_id
                                                                   AND latest.entity = 'task' AND latest.depends_on_id IS NULL
                                                                   AND latest.revision <= v_revision
                                                                 ORDER BY latest.revision DESC
                                                                 LIMIT 1)
                                  JOIN task_status
                                    ON task_status.status = CONVERT(prerequisite.new_row ->> '$.status' USING ascii)
                                 WHERE task_status.is_open) THEN 'blocked'
                ELSE 'ready'
           END AS readiness,
           v_revision AS revision
      FROM fact
      LEFT JOIN fact AS parent ON parent.task_id = fact.parent_id AND p_direction = 'downstream'
     ORDER BY fact.depth, fact.task_id;
END
