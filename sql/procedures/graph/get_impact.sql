CREATE PROCEDURE get_impact (
    IN p_actor_id BIGINT UNSIGNED,
    IN p_task_id  BIGINT UNSIGNED
)
    COMMENT '
Show what would become ready if a task were completed, and how many tasks wait for it.

Parameters
  p_actor_id  the user who asks; NULL for the one that the SQL login is bound to
  p_task_id   the task

Result
  two results, both without rows if the task is closed. First the tasks that wait for nothing
  open but this one, by falling priority, then by task_id: task_id, title, status, priority,
  assignee_id, assignee_team_id. Then the open tasks that wait for it directly or through
  other open ones, counted, rows ordered by status, then by assignee, then by team: status,
  assignee_id, assignee (the user name), assignee_team_id, team (its name; all four NULL for
  nobody), tasks

Errors
  actor_not_allowed  the login may not ask for that user
  actor_required     the login may ask for any user and named none
  permission_denied  the role of the actor does not allow reading
  task_not_found     there is no such task for the actor

Example
  CALL get_impact(NULL, 7);
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_workspace_id BIGINT UNSIGNED;

    CALL _authorize(p_actor_id, v_workspace_id, p_task_id, 'read');

    SELECT /*+ JOIN_FIXED_ORDER() INDEX(edge dependency_dependents) */
           task.id AS task_id, task.title, task.status, task.priority, task.assignee_id, task.assignee_team_id
      FROM node
      JOIN dependency AS edge ON edge.workspace_id = v_workspace_id AND edge.depends_on_id = node.task_id
      JOIN node AS dependent ON dependent.task_id = edge.task_id
      JOIN task ON task.id = edge.task_id
     WHERE node.task_id = p_task_id AND node.is_open AND dependent.is_open AND dependent.waiting_for = 1
     ORDER BY dependent.priority_rank DESC, task.id;

    WITH RECURSIVE downstream (task_id) AS (
        SELECT task_id
          FROM node
         WHERE task_id = p_task_id AND is_open
         UNION
        SELECT /*+ JOIN_FIXED_ORDER() JOIN_INDEX(edge dependency_dependents) */ edge.task_id
          FROM downstream
          JOIN dependency AS edge ON edge.workspace_id = v_workspace_id AND edge.depends_on_id = downstream.task_id
          JOIN node AS dependent ON dependent.task_id = edge.task_id
         WHERE dependent.is_open
    ),
    counted (status, assignee_id, assignee_team_id, tasks) AS (
        SELECT /*+ JOIN_FIXED_ORDER() */ task.status, task.assignee_id, task.assignee_team_id, COUNT(*)
          FROM downstream
          JOIN task ON task.id = downstream.task_id
         WHERE downstream.task_id <> p_task_id
         GROUP BY task.status, task.assignee_id, task.assignee_team_id
    )
    SELECT /*+ SET_VAR(cte_max_recursion_depth = 4294967295) JOIN_FIXED_ORDER() */
           counted.status, counted.assignee_id, app_user.username AS assignee, counted.assignee_team_id, team.name AS team,
           counted.tasks
      FROM counted
      JOIN task_status ON task_status.status = counted.status
      LEFT JOIN app_user ON app_user.id = counted.assignee_id
      LEFT JOIN team ON team.id = counted.assignee_team_id
     ORDER BY task_status.sort_order, app_user.username, counted.assignee_id, team.name, team.id;
END
