CREATE PROCEDURE _raise_cycle (
    IN p_workspace_id  BIGINT UNSIGNED,
    IN p_task_id       BIGINT UNSIGNED,
    IN p_depends_on_id BIGINT UNSIGNED
)
    COMMENT '
Refuse a dependency that would close a cycle, and name the cycle.

The caller knows that the prerequisite already waits for the task. The cycle is a
shortest one.

Parameters
  p_workspace_id   the workspace of both
  p_task_id        the task that is to wait
  p_depends_on_id  the task it is to wait for

Result
  none

Errors
  dependency_cycle  always; its facts hold the path: each task in it waits for
                    the next, the first is the last; after 1,000 tasks it is cut
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_low     BIGINT;
    DECLARE v_between BIGINT UNSIGNED;
    DECLARE v_path    JSON;
    DECLARE v_length  INT UNSIGNED;
    DECLARE v_hide    BINARY(20) DEFAULT UNHEX(REPEAT('DF', 20));
    DECLARE v_show    BINARY(20) DEFAULT UNHEX(REPEAT('20', 20));

    -- Most cycles are short, and found by looking at two index entries.
    SELECT MIN(first_step.depends_on_id)
      INTO v_between
      FROM dependency AS first_step
      JOIN dependency AS second_step
        ON second_step.workspace_id = p_workspace_id AND second_step.task_id = first_step.depends_on_id
           AND second_step.depends_on_id = p_task_id
     WHERE first_step.workspace_id = p_workspace_id AND first_step.task_id = p_depends_on_id;

    CASE
        WHEN p_task_id = p_depends_on_id THEN
            SET v_path = JSON_ARRAY(p_task_id, p_task_id);
        WHEN EXISTS (SELECT 1 FROM dependency
                      WHERE workspace_id = p_workspace_id AND task_id = p_depends_on_id AND depends_on_id = p_task_id) THEN
            SET v_path = JSON_ARRAY(p_task_id, p_depends_on_id, p_task_id);
        WHEN v_between IS NOT NULL THEN
            SET v_path = JSON_ARRAY(p_task_id, p_depends_on_id, v_between, p_task_id);
        ELSE
            SELECT topo_rank INTO v_low FROM node WHERE task_id = p_task_id;

            -- As in get_dependency_tree: beside each task stands, in characters that
            -- the collation ignores, from which one it was first reached.
            WITH RECURSIVE upstream (task_id, note) AS (
                SELECT p_depends_on_id,
                       CONVERT(CAST(REPEAT('0', 20) AS BINARY(20)) & v_hide USING utf8mb4) COLLATE utf8mb4_0900_ai_ci
                 UNION
                SELECT /*+ JOIN_FIXED_ORDER() JOIN_INDEX(edge PRIMARY) */ prerequisite.task_id,
                       CONVERT(CAST(LPAD(upstream.task_id, 20, '0') AS BINARY(20)) & v_hide USING utf8mb4)
                  FROM upstream
                  JOIN dependency AS edge ON edge.workspace_id = p_workspace_id AND edge.task_id = upstream.task_id
                  JOIN node AS prerequisite ON prerequisite.task_id = edge.depends_on_id
                 WHERE prerequisite.topo_rank >= v_low
            ),
            reached (task_id, waiting_id) AS (
                SELECT task_id, CAST(CAST(note AS BINARY(20)) | v_show AS UNSIGNED) FROM upstream
            ),
            walk (step, task_id) AS (
                SELECT 1, p_task_id
                 UNION ALL
                SELECT /*+ JOIN_FIXED_ORDER() */ walk.step + 1, reached.waiting_id
                  FROM walk
                  JOIN reached ON reached.task_id = walk.task_id
                 WHERE reached.waiting_id <> 0
            )
            SELECT /*+ SET_VAR(cte_max_recursion_depth = 4294967295) SET_VAR(group_concat_max_len = 65536) */
                   (SELECT COUNT(*) FROM walk),
                   CAST(CONCAT('[', p_task_id, ',', GROUP_CONCAT(task_id ORDER BY step DESC), ']') AS JSON)
              INTO v_length, v_path
              FROM (SELECT step, task_id FROM walk ORDER BY step DESC LIMIT 999) AS beginning;
    END CASE;

    SET v_length = COALESCE(v_length, JSON_LENGTH(v_path) - 1);

    CALL raise_error('dependency_cycle',
                     CONCAT('task ', p_depends_on_id, IF(p_task_id = p_depends_on_id, ' cannot wait for itself',
                            CONCAT(' already waits for task ', p_task_id)), ': ', v_path),
                     JSON_OBJECT('task_id', p_task_id, 'depends_on_id', p_depends_on_id,
                                 'path', v_path, 'length', v_length));
END
