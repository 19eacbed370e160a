CREATE PROCEDURE find_path (
    IN p_actor_id BIGINT UNSIGNED,
    IN p_task_id  BIGINT UNSIGNED,
    IN p_to_id    BIGINT UNSIGNED
)
    COMMENT '
Find a shortest way by which one task waits for another.

Parameters
  p_actor_id  the user who asks; NULL for the one that the SQL login is bound to
  p_task_id   the task that waits
  p_to_id     the task that it may wait for

Result
  rows ordered by step, none if the first task does not wait for the other; each task waits
  for the next, open or closed: step (from 0), task_id, title, status, priority, readiness

Errors
  actor_not_allowed             the login may not ask for that user
  actor_required                the login may ask for any user and named none
  permission_denied             the role of the actor does not allow reading
  task_not_found                one of the two tasks does not exist for the actor
  dependency_across_workspaces  the tasks are in different workspaces

Example
  CALL find_path(NULL, 7, 4);
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_workspace_id    BIGINT UNSIGNED;
    DECLARE v_to_workspace_id BIGINT UNSIGNED;
    DECLARE v_low             BIGINT;
    -- As in get_dependency_tree: beside each task stands, in characters that the collation
    -- ignores, from which one it was first reached; behind its digits NUL, which it ignores too.
    DECLARE v_hide            BINARY(20) DEFAULT UNHEX(REPEAT('DF', 20));
    DECLARE v_show            BINARY(20) DEFAULT UNHEX(REPEAT('20', 20));

    CALL _authorize(p_actor_id, v_workspace_id, p_task_id, 'read');
    CALL _authorize(p_actor_id, v_to_workspace_id, p_to_id, 'read');

    IF v_workspace_id <> v_to_workspace_id THEN
        CALL raise_error('dependency_across_workspaces',
                         CONCAT('task ', p_task_id, ' and task ', p_to_id, ' are in different workspaces'),
                         JSON_OBJECT('task_id', p_task_id, 'to_id', p_to_id));
    END IF;

    -- Dependencies go uphill: nothing ranked below the other task leads to it.
    SELECT topo_rank INTO v_low FROM node WHERE task_id = p_to_id;

    WITH RECURSIVE upstream (task_id, note) AS (
        SELECT p_task_id,
               CONVERT(CAST('0' AS BINARY(20)) & v_hide USING utf8mb4) COLLATE utf8mb4_0900_ai_ci
         UNION
        SELECT /*+ JOIN_FIXED_ORDER() JOIN_INDEX(edge PRIMARY) */ prerequisite.task_id,
               CONVERT(CAST(upstream.task_id AS BINARY(20)) & v_hide USING utf8mb4)
          FROM upstream
          JOIN dependency AS edge ON edge.workspace_id = v_workspace_id AND edge.task_id = upstream.task_id
          JOIN node AS prerequisite ON prerequisite.task_id = edge.depends_on_id
         WHERE prerequisite.topo_rank >= v_low
    ),
    reached (task_id, nearer_id) AS (
        SELECT task_id, CAST(CAST(note AS BINARY(20)) | v_show AS UNSIGNED) FROM upstream
    ),
    walk (task_id, nearer_id, step) AS (
        SELECT task_id, nearer_id, 0
          FROM reached
         WHERE task_id = p_to_id
         UNION ALL
        SELECT /*+ JOIN_FIXED_ORDER() */ reached.task_id, reached.nearer_id, walk.step + 1
          FROM walk
          JOIN reached ON reached.task_id = walk.nearer_id
    )
    SELECT /*+ SET_VAR(cte_max_recursion_depth = 4294967295) JOIN_FIXED_ORDER() */
           CAST(MAX(walk.step) OVER () - walk.step AS SIGNED) AS step,
           task.id AS task_id, task.title, task.status, task.priority, node.readiness
      FROM walk
      JOIN task ON task.id = walk.task_id
      JOIN node ON node.task_id = walk.task_id
     ORDER BY step;
END
