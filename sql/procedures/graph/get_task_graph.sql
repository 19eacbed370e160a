CREATE PROCEDURE get_task_graph (
    IN p_actor_id  BIGINT UNSIGNED,
    IN p_task_id   BIGINT UNSIGNED,
    IN p_direction VARCHAR(10),
    IN p_depth     INT UNSIGNED
)
    COMMENT '
Show a task with all that it waits for or that waits for it, and the dependencies between them.

Made to be drawn: unlike get_dependency_tree, with every dependency and not one for each task.
The steps are noted in characters that the collation ignores, as is explained there.

Parameters
  p_actor_id   the user who asks; NULL for the one that the SQL login is bound to
  p_task_id    the task
  p_direction  upstream (what it waits for), downstream (what waits for it) or both
  p_depth      how many steps away at most; NULL for any number

Result
  two: rows ordered by task_id (task_id, title, status, priority, readiness), and rows
  ordered by task_id, then by depends_on_id (task_id, depends_on_id)

Errors
  actor_not_allowed  the login may not ask for that user
  actor_required     the login may ask for any user and named none
  permission_denied  the role of the actor does not allow reading
  task_not_found     there is no such task for the actor
  invalid_request    the direction is none of the three
  graph_too_large    there is more than fits into a picture; ask for fewer steps

Example
  CALL get_task_graph(NULL, 7, "both", 2);
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_workspace_id BIGINT UNSIGNED;
    -- One more than fits, which is enough to know.
    DECLARE v_limit        BIGINT UNSIGNED DEFAULT _picture_limit() + 1;
    DECLARE v_upstream     JSON DEFAULT JSON_ARRAY();
    DECLARE v_downstream   JSON DEFAULT JSON_ARRAY();
    DECLARE v_hide         BINARY(10) DEFAULT UNHEX(REPEAT('DF', 10));
    DECLARE v_show         BINARY(10) DEFAULT UNHEX(REPEAT('20', 10));
    DECLARE v_first_note   CHAR(10) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_ai_ci
                           DEFAULT CONVERT(CAST(REPEAT('0', 10) AS BINARY(10)) & UNHEX(REPEAT('DF', 10)) USING utf8mb4);

    CALL _authorize(p_actor_id, v_workspace_id, p_task_id, 'read');

    IF p_direction NOT IN ('upstream', 'downstream', 'both') OR p_direction IS NULL THEN
        CALL raise_error('invalid_request', 'the direction is upstream, downstream or both',
                         JSON_OBJECT('errors', JSON_OBJECT('direction', JSON_ARRAY('upstream, downstream or both'))));
    END IF;

    IF p_direction <> 'downstream' THEN
        WITH RECURSIVE upstream (task_id, note) AS (
            SELECT p_task_id, v_first_note
             UNION
            SELECT /*+ JOIN_FIXED_ORDER() JOIN_INDEX(edge PRIMARY) */ edge.depends_on_id,
                   CONVERT(CAST(LPAD(1 + (CAST(upstream.note AS BINARY(10)) | v_show), 10, '0') AS BINARY(10)) & v_hide USING utf8mb4)
              FROM upstream
              JOIN dependency AS edge ON edge.workspace_id = v_workspace_id AND edge.task_id = upstream.task_id
             WHERE p_depth IS NULL OR (CAST(upstream.note AS BINARY(10)) | v_show) < p_depth
             LIMIT v_limit
        )
        SELECT /*+ SET_VAR(cte_max_recursion_depth = 4294967295) */ JSON_ARRAYAGG(task_id)
          INTO v_upstream
          FROM upstream;
    END IF;

    IF p_direction <> 'upstream' THEN
        WITH RECURSIVE downstream (task_id, note) AS (
            SELECT p_task_id, v_first_note
             UNION
            SELECT /*+ JOIN_FIXED_ORDER() JOIN_INDEX(edge dependency_dependents) */ edge.task_id,
                   CONVERT(CAST(LPAD(1 + (CAST(downstream.note AS BINARY(10)) | v_show), 10, '0') AS BINARY(10)) & v_hide USING utf8mb4)
              FROM downstream
              JOIN dependency AS edge ON edge.workspace_id = v_workspace_id AND edge.depends_on_id = downstream.task_id
             WHERE p_depth IS NULL OR (CAST(downstream.note AS BINARY(10)) | v_show) < p_depth
             LIMIT v_limit
        )
        SELECT /*+ SET_VAR(cte_max_recursion_depth = 4294967295) */ JSON_ARRAYAGG(task_id)
          INTO v_downstream
          FROM downstream;
    END IF;

    CALL _show_graph(v_workspace_id, JSON_MERGE_PRESERVE(v_upstream, v_downstream));
END
