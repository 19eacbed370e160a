CREATE PROCEDURE _raise_cycle (
    IN p_workspace_id  BIGINT UNSIGNED,
    IN p_task_id       BIGINT UNSIGNED,
    IN p_depends_on_id BIGINT UNSIGNED
)
    COMMENT '
Refuse a dependency that would close a cycle, and name the cycle.

The caller knows that the prerequisite already waits for the task. The path
walks from one task to the lowest ranked prerequisite of it that still leads to
the end: seldom a long way round, though not always the shortest.

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
    DECLARE v_high    BIGINT;
    DECLARE v_between BIGINT UNSIGNED;
    DECLARE v_path    JSON;
    DECLARE v_length  INT UNSIGNED;

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
            SELECT topo_rank INTO v_high FROM node WHERE task_id = p_depends_on_id;

            WITH RECURSIVE leads_to_task (task_id) AS (
                SELECT p_task_id
                 UNION
                SELECT dependent.task_id
                  FROM leads_to_task
                  JOIN dependency AS edge
                    ON edge.workspace_id = p_workspace_id AND edge.depends_on_id = leads_to_task.task_id
                  JOIN node AS dependent ON dependent.task_id = edge.task_id
                 WHERE dependent.topo_rank <= v_high
            ),
            walk (step, task_id) AS (
                SELECT 1, p_depends_on_id
                 UNION ALL
                SELECT walk.step + 1, next_step.task_id
                  FROM walk
                  JOIN LATERAL (SELECT prerequisite.task_id
                                  FROM dependency AS edge
                                  JOIN leads_to_task ON leads_to_task.task_id = edge.depends_on_id
                                  JOIN node AS prerequisite ON prerequisite.task_id = edge.depends_on_id
                                 WHERE edge.workspace_id = p_workspace_id AND edge.task_id = walk.task_id
                                 ORDER BY prerequisite.topo_rank
                                 LIMIT 1) AS next_step
                 WHERE walk.task_id <> p_task_id
            )
            SELECT /*+ SET_VAR(cte_max_recursion_depth = 4294967295) SET_VAR(group_concat_max_len = 65536) */
                   COUNT(*),
                   CAST(CONCAT('[', p_task_id, ',', GROUP_CONCAT(IF(step < 1000, task_id, NULL) ORDER BY step), ']') AS JSON)
              INTO v_length, v_path
              FROM walk;
    END CASE;

    SET v_length = COALESCE(v_length, JSON_LENGTH(v_path) - 1);

    CALL raise_error('dependency_cycle',
                     CONCAT('task ', p_depends_on_id, IF(p_task_id = p_depends_on_id, ' cannot wait for itself',
                            CONCAT(' already waits for task ', p_task_id)), ': ', v_path),
                     JSON_OBJECT('task_id', p_task_id, 'depends_on_id', p_depends_on_id,
                                 'path', v_path, 'length', v_length));
END
