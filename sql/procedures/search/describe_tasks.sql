CREATE PROCEDURE describe_tasks (
    IN p_actor_id     BIGINT UNSIGNED,
    IN p_workspace_id BIGINT UNSIGNED,
    IN p_task_ids     JSON
)
    COMMENT '
Tell of tasks what lists name by id only: who does them, and what they directly wait for.

Parameters
  p_actor_id      the user who asks; NULL for the one that the SQL login is bound to
  p_workspace_id  the workspace; NULL for the personal one of the actor
  p_task_ids      an array of at most 1,000 task ids; others than those of the workspace are
                  left out

Result
  one row per task: task_id, assignee (an object: user_id, username; or team_id, name; or
  NULL), dependencies (an array of objects: task_id, title, status, priority, readiness);
  in the order given

Errors
  actor_not_allowed    the login may not ask for that user
  actor_required       the login may ask for any user and named none
  permission_denied    the role of the actor does not allow reading
  workspace_not_found  there is no such workspace for the actor
  invalid_request      too many tasks are named, or what is given is no array

Example
  CALL describe_tasks(NULL, NULL, "[3, 4]");
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    CALL _find_workspace(p_actor_id, p_workspace_id);
    CALL _check_task_ids(p_task_ids);

    SELECT /*+ JOIN_FIXED_ORDER() */
           task.id AS task_id,
           CASE
               WHEN task.assignee_id IS NOT NULL THEN JSON_OBJECT('user_id', app_user.id, 'username', app_user.username)
               WHEN task.assignee_team_id IS NOT NULL THEN JSON_OBJECT('team_id', team.id, 'name', team.name)
           END AS assignee,
           (SELECT /*+ JOIN_FIXED_ORDER() INDEX(edge PRIMARY) */
                   COALESCE(JSON_ARRAYAGG(JSON_OBJECT('task_id', prerequisite.id, 'title', prerequisite.title,
                                                      'status', prerequisite.status, 'priority', prerequisite.priority,
                                                      'readiness', node.readiness)), JSON_ARRAY())
              FROM dependency AS edge
              JOIN task AS prerequisite ON prerequisite.id = edge.depends_on_id
              JOIN node ON node.task_id = prerequisite.id
             WHERE edge.workspace_id = p_workspace_id AND edge.task_id = task.id) AS dependencies
      FROM JSON_TABLE(p_task_ids, '$[*]' COLUMNS (place FOR ORDINALITY, task_id BIGINT UNSIGNED PATH '$')) AS wanted
      JOIN task ON task.id = wanted.task_id
      LEFT JOIN app_user ON app_user.id = task.assignee_id
      LEFT JOIN team ON team.id = task.assignee_team_id
     WHERE task.workspace_id = p_workspace_id
     ORDER BY wanted.place;
END
