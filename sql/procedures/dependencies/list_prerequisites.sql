CREATE PROCEDURE list_prerequisites (
    IN p_actor_id   BIGINT UNSIGNED,
    IN p_task_id    BIGINT UNSIGNED,
    IN p_transitive BOOLEAN,
    IN p_skip       INT UNSIGNED,
    IN p_limit      INT UNSIGNED
)
    COMMENT '
List what a task waits for.

Parameters
  p_actor_id    the user who asks; NULL for the one that the SQL login is bound to
  p_task_id     the task
  p_transitive  FALSE: the direct ones; TRUE: also those behind them
  p_skip        how many rows to leave out; NULL for none
  p_limit       how many rows at most; NULL for all

Result
  rows ordered by task_id: task_id, title, status, priority, readiness

Errors
  actor_not_allowed  the login may not ask for that user
  actor_required     the login may ask for any user and named none
  permission_denied  the role of the actor does not allow reading
  task_not_found     there is no such task for the actor

Example
  CALL list_prerequisites(NULL, 7, TRUE, 0, 50);
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_workspace_id BIGINT UNSIGNED;

    CALL _authorize(p_actor_id, v_workspace_id, p_task_id, 'read');
    SET p_skip = COALESCE(p_skip, 0), p_limit = COALESCE(p_limit, 4294967295);

    WITH RECURSIVE upstream (task_id) AS (
        SELECT depends_on_id
          FROM dependency
         WHERE workspace_id = v_workspace_id AND task_id = p_task_id
         UNION
        SELECT /*+ JOIN_FIXED_ORDER() JOIN_INDEX(edge PRIMARY) */ edge.depends_on_id
          FROM upstream
          JOIN dependency AS edge ON edge.workspace_id = v_workspace_id AND edge.task_id = upstream.task_id
         WHERE p_transitive
    )
    SELECT /*+ SET_VAR(cte_max_recursion_depth = 4294967295) JOIN_FIXED_ORDER() */
           task.id AS task_id, task.title, task.status, task.priority, node.readiness
      FROM (SELECT task_id FROM upstream ORDER BY task_id LIMIT p_skip, p_limit) AS page
      JOIN task ON task.id = page.task_id
      JOIN node ON node.task_id = page.task_id
     ORDER BY task.id;
END
