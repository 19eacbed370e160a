CREATE PROCEDURE export_tasks (
    IN p_actor_id       BIGINT UNSIGNED,
    IN p_workspace_id   BIGINT UNSIGNED,
    IN p_after_position VARCHAR(64),
    IN p_limit          INT UNSIGNED
)
    COMMENT '
List tasks in the form that import takes, each after all that it waits for.

To get all of one moment, read the pages inside one consistent snapshot.

Parameters
  p_actor_id        the user who asks; NULL for the one that the SQL login is bound to
  p_workspace_id    the workspace; NULL for the personal one of the actor
  p_after_position  the position of the last row of the page before; NULL for the first
                    page
  p_limit           how many rows at most; NULL for all

Result
  rows: position, key (the task_key, or # and the id), title, description, status,
  priority, tags, depends_on (an array of keys), estimate_minutes, due_at, assignee (a
  user name), team (the name of a team)

Errors
  actor_not_allowed    the login may not ask for that user
  actor_required       the login may ask for any user and named none
  permission_denied    the role of the actor does not allow reading
  workspace_not_found  there is no such workspace for the actor

Example
  CALL export_tasks(NULL, NULL, NULL, 1000);
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_rank    BIGINT          DEFAULT SUBSTRING_INDEX(p_after_position, '/', 1);
    DECLARE v_task_id BIGINT UNSIGNED DEFAULT SUBSTRING_INDEX(p_after_position, '/', -1);

    CALL _find_workspace(p_actor_id, p_workspace_id);
    SET p_limit = COALESCE(p_limit, 4294967295);

    -- Pinned: right after a large import the statistics are those of before, and the
    -- dependencies of a task might be looked for among all of the workspace.
    SELECT /*+ JOIN_FIXED_ORDER() */
           CONCAT(page.topo_rank, '/', page.task_id) AS position,
           COALESCE(task.task_key, CONCAT('#', task.id)) AS `key`,
           task.title, task.description, task.status, task.priority,
           (SELECT /*+ INDEX(tag PRIMARY) */ COALESCE(JSON_ARRAYAGG(tag.name), JSON_ARRAY())
              FROM tag
             WHERE tag.workspace_id = p_workspace_id AND tag.task_id = task.id) AS tags,
           (SELECT /*+ JOIN_FIXED_ORDER() INDEX(edge PRIMARY) INDEX(prerequisite PRIMARY) */
                   COALESCE(JSON_ARRAYAGG(COALESCE(prerequisite.task_key, CONCAT('#', prerequisite.id))), JSON_ARRAY())
              FROM dependency AS edge
              JOIN task AS prerequisite ON prerequisite.id = edge.depends_on_id
             WHERE edge.workspace_id = p_workspace_id AND edge.task_id = task.id) AS depends_on,
           task.estimate_minutes, task.due_at, app_user.username AS assignee,
           team.name AS team
      FROM (SELECT /*+ INDEX(node node_order) */ task_id, topo_rank
              FROM node
             WHERE workspace_id = p_workspace_id
               AND topo_rank >= COALESCE(v_rank, -9223372036854775808)
               AND (v_rank IS NULL OR topo_rank > v_rank OR task_id > v_task_id)
             ORDER BY topo_rank, task_id
             LIMIT p_limit) AS page
      JOIN task ON task.id = page.task_id
      LEFT JOIN app_user ON app_user.id = task.assignee_id
      LEFT JOIN team ON team.id = task.assignee_team_id
     ORDER BY page.topo_rank, page.task_id;
END
