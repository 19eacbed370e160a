CREATE PROCEDURE get_effective_priority (
    IN p_actor_id BIGINT UNSIGNED,
    IN p_task_id  BIGINT UNSIGNED
)
    COMMENT '
Show the highest priority among a task and the open tasks that wait for it.

A low task is urgent as long as an urgent one waits for it, directly or through other open
tasks. Nothing waits for a closed task.

Parameters
  p_actor_id  the user who asks; NULL for the one that the SQL login is bound to
  p_task_id   the task

Result
  one row: task_id, priority (its own), effective_priority, from_task_id and from_title (the
  task that it comes from; of several the task itself or the one with the lowest id; find_path
  from there shows how)

Errors
  actor_not_allowed  the login may not ask for that user
  actor_required     the login may ask for any user and named none
  permission_denied  the role of the actor does not allow reading
  task_not_found     there is no such task for the actor

Example
  CALL get_effective_priority(NULL, 7);
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_workspace_id BIGINT UNSIGNED;

    CALL _authorize(p_actor_id, v_workspace_id, p_task_id, 'read');

    -- The rank belongs to the task, so each still comes once.
    WITH RECURSIVE downstream (task_id, is_open, priority_rank) AS (
        SELECT task_id, is_open, priority_rank
          FROM node
         WHERE task_id = p_task_id
         UNION
        SELECT /*+ JOIN_FIXED_ORDER() JOIN_INDEX(edge dependency_dependents) */
               dependent.task_id, dependent.is_open, dependent.priority_rank
          FROM downstream
          JOIN dependency AS edge ON edge.workspace_id = v_workspace_id AND edge.depends_on_id = downstream.task_id
          JOIN node AS dependent ON dependent.task_id = edge.task_id
         WHERE downstream.is_open AND dependent.is_open
    ),
    highest (task_id) AS (
        SELECT task_id
          FROM downstream
         ORDER BY priority_rank DESC, task_id <> p_task_id, task_id
         LIMIT 1
    )
    SELECT /*+ SET_VAR(cte_max_recursion_depth = 4294967295) */
           task.id AS task_id, task.priority, origin.priority AS effective_priority,
           origin.id AS from_task_id, origin.title AS from_title
      FROM highest
      JOIN task AS origin ON origin.id = highest.task_id
      JOIN task ON task.id = p_task_id;
END
