CREATE PROCEDURE get_dependency_tree (
    IN p_actor_id  BIGINT UNSIGNED,
    IN p_task_id   BIGINT UNSIGNED,
    IN p_direction VARCHAR(10),
    IN p_depth     INT UNSIGNED
)
    COMMENT '
Show all that a task waits for, or all that waits for it, each task once.

A recursive query visits each task once only while its rows are equal when their ids are;
a depth beside the id would make it walk every path. So depth and parent are noted in
characters that the collation ignores: to UNION, two rows of one task are the same, and
the one that came first, by a shortest path, stays.

Parameters
  p_actor_id   the user who asks; NULL for the one that the SQL login is bound to
  p_task_id    the task
  p_direction  upstream (what it waits for) or downstream (what waits for it)
  p_depth      how many steps away at most; NULL for any number

Result
  rows ordered by depth, then by task_id, the task itself first: task_id, parent_id (a
  neighbour one step nearer; NULL for the task itself), depth (the length of a
  shortest path, in steps), title, status, priority, readiness

Errors
  actor_not_allowed  the login may not ask for that user
  actor_required     the login may ask for any user and named none
  permission_denied  the role of the actor does not allow reading
  task_not_found     there is no such task for the actor
  invalid_request    the direction is neither of the two

Example
  CALL get_dependency_tree(NULL, 7, "upstream", NULL);
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_workspace_id BIGINT UNSIGNED;
    -- Thirty digits: ten of depth, twenty of parent. Without its bit 0x20 a digit is
    -- one of the control characters U+0010 to U+0019, which weigh nothing.
    DECLARE v_hide         BINARY(30) DEFAULT UNHEX(REPEAT('DF', 30));
    DECLARE v_show         BINARY(30) DEFAULT UNHEX(REPEAT('20', 30));
    DECLARE v_first_note   CHAR(30) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_ai_ci
                           DEFAULT CONVERT(CAST(REPEAT('0', 30) AS BINARY(30)) & UNHEX(REPEAT('DF', 30)) USING utf8mb4);

    CALL _authorize(p_actor_id, v_workspace_id, p_task_id, 'read');

    CASE p_direction
        WHEN 'upstream' THEN
            WITH RECURSIVE upstream (task_id, note) AS (
                SELECT p_task_id, v_first_note
                 UNION
                SELECT /*+ JOIN_FIXED_ORDER() JOIN_INDEX(edge PRIMARY) */ edge.depends_on_id,
                       CONVERT(CAST(CONCAT(LPAD(1 + LEFT(CAST(upstream.note AS BINARY(30)) | v_show, 10), 10, '0'),
                                           LPAD(upstream.task_id, 20, '0')) AS BINARY(30)) & v_hide USING utf8mb4)
                  FROM upstream
                  JOIN dependency AS edge ON edge.workspace_id = v_workspace_id AND edge.task_id = upstream.task_id
                 WHERE p_depth IS NULL OR LEFT(CAST(upstream.note AS BINARY(30)) | v_show, 10) < p_depth
            ),
            reached (task_id, parent_id, depth) AS (
                SELECT task_id,
                       NULLIF(CAST(RIGHT(CAST(note AS BINARY(30)) | v_show, 20) AS UNSIGNED), 0),
                       CAST(LEFT(CAST(note AS BINARY(30)) | v_show, 10) AS UNSIGNED)
                  FROM upstream
            )
            SELECT /*+ SET_VAR(cte_max_recursion_depth = 4294967295) JOIN_FIXED_ORDER() */
                   reached.task_id, reached.parent_id, reached.depth, task.title, task.status, task.priority, node.readiness
              FROM reached
              JOIN task ON task.id = reached.task_id
              JOIN node ON node.task_id = reached.task_id
             ORDER BY reached.depth, reached.task_id;
        WHEN 'downstream' THEN
            WITH RECURSIVE downstream (task_id, note) AS (
                SELECT p_task_id, v_first_note
                 UNION
                SELECT /*+ JOIN_FIXED_ORDER() JOIN_INDEX(edge dependency_dependents) */ edge.task_id,
                       CONVERT(CAST(CONCAT(LPAD(1 + LEFT(CAST(downstream.note AS BINARY(30)) | v_show, 10), 10, '0'),
                                           LPAD(downstream.task_id, 20, '0')) AS BINARY(30)) & v_hide USING utf8mb4)
                  FROM downstream
                  JOIN dependency AS edge ON edge.workspace_id = v_workspace_id AND edge.depends_on_id = downstream.task_id
                 WHERE p_depth IS NULL OR LEFT(CAST(downstream.note AS BINARY(30)) | v_show, 10) < p_depth
            ),
            reached (task_id, parent_id, depth) AS (
                SELECT task_id,
                       NULLIF(CAST(RIGHT(CAST(note AS BINARY(30)) | v_show, 20) AS UNSIGNED), 0),
                       CAST(LEFT(CAST(note AS BINARY(30)) | v_show, 10) AS UNSIGNED)
                  FROM downstream
            )
            SELECT /*+ SET_VAR(cte_max_recursion_depth = 4294967295) JOIN_FIXED_ORDER() */
                   reached.task_id, reached.parent_id, reached.depth, task.title, task.status, task.priority, node.readiness
              FROM reached
              JOIN task ON task.id = reached.task_id
              JOIN node ON node.task_id = reached.task_id
             ORDER BY reached.depth, reached.task_id;
        ELSE
            CALL raise_error('invalid_request', 'the direction is upstream or downstream',
                             JSON_OBJECT('errors', JSON_OBJECT('direction', JSON_ARRAY('upstream or downstream'))));
    END CASE;
END
