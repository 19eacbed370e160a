CREATE PROCEDURE explain_blocked (
    IN p_actor_id BIGINT UNSIGNED,
    IN p_task_id  BIGINT UNSIGNED
)
    COMMENT '
Show why a task is blocked: the tasks that somebody could work on now and that it waits for.

What it waits for directly may be blocked itself. Behind all of that stand these: they are
open and wait for nothing open.

Parameters
  p_actor_id  the user who asks; NULL for the one that the SQL login is bound to
  p_task_id   the task

Result
  rows ordered by distance, then by task_id; none, if the task is ready or closed: task_id,
  title, status, priority, assignee_id, assignee (the user name), assignee_team_id, team (its
  name), age_days (since it was created), would_free (how many tasks would become ready if
  only this one were completed), distance (the length of a shortest path, in steps), path (a
  JSON array of ids: such a path from the task to this one, each waits for the next; of a
  long one the last 100 tasks, find_path has them all)

Errors
  actor_not_allowed  the login may not ask for that user
  actor_required     the login may ask for any user and named none
  permission_denied  the role of the actor does not allow reading
  task_not_found     there is no such task for the actor

Example
  CALL explain_blocked(NULL, 7);
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_workspace_id BIGINT UNSIGNED;
    -- As in get_dependency_tree: ten digits of distance and twenty of the task one step
    -- nearer, in characters that the collation ignores.
    DECLARE v_hide         BINARY(30) DEFAULT UNHEX(REPEAT('DF', 30));
    DECLARE v_show         BINARY(30) DEFAULT UNHEX(REPEAT('20', 30));
    DECLARE v_first_note   CHAR(30) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_ai_ci
                           DEFAULT CONVERT(CAST(REPEAT('0', 30) AS BINARY(30)) & UNHEX(REPEAT('DF', 30)) USING utf8mb4);

    CALL _authorize(p_actor_id, v_workspace_id, p_task_id, 'read');

    -- Only through open tasks: what a closed task waits for holds nobody up. And
    -- waiting_for < 1, since for an equality MySQL 8.0 gives the rows reached a second key, by
    -- which it finds nothing from the second call of a session on.
    WITH RECURSIVE upstream (task_id, waiting_for, note) AS (
        SELECT task_id, waiting_for, v_first_note
          FROM node
         WHERE task_id = p_task_id AND is_open
         UNION
        SELECT /*+ JOIN_FIXED_ORDER() JOIN_INDEX(edge PRIMARY) */ prerequisite.task_id, prerequisite.waiting_for,
               CONVERT(CAST(CONCAT(LPAD(1 + LEFT(CAST(upstream.note AS BINARY(30)) | v_show, 10), 10, '0'),
                                   LPAD(upstream.task_id, 20, '0')) AS BINARY(30)) & v_hide USING utf8mb4)
          FROM upstream
          JOIN dependency AS edge ON edge.workspace_id = v_workspace_id AND edge.task_id = upstream.task_id
          JOIN node AS prerequisite ON prerequisite.task_id = edge.depends_on_id
         WHERE upstream.waiting_for > 0 AND prerequisite.is_open
    ),
    reached (task_id, waiting_for, nearer_id, distance) AS (
        SELECT task_id, waiting_for,
               CAST(RIGHT(CAST(note AS BINARY(30)) | v_show, 20) AS UNSIGNED),
               CAST(LEFT(CAST(note AS BINARY(30)) | v_show, 10) AS UNSIGNED)
          FROM upstream
    ),
    walk (cause_id, task_id, nearer_id, step) AS (
        SELECT task_id, task_id, nearer_id, 1
          FROM reached
         WHERE waiting_for < 1 AND distance > 0
         UNION ALL
        SELECT /*+ JOIN_FIXED_ORDER() */ walk.cause_id, reached.task_id, reached.nearer_id, walk.step + 1
          FROM walk
          JOIN reached ON reached.task_id = walk.nearer_id
         WHERE walk.step < 100
    ),
    cause (task_id, path) AS (
        SELECT cause_id, CAST(CONCAT('[', GROUP_CONCAT(task_id ORDER BY step DESC), ']') AS JSON)
          FROM walk
         GROUP BY cause_id
    )
    SELECT /*+ SET_VAR(cte_max_recursion_depth = 4294967295) SET_VAR(group_concat_max_len = 4096) JOIN_FIXED_ORDER() */
           cause.task_id, task.title, task.status, task.priority, task.assignee_id, app_user.username AS assignee,
           task.assignee_team_id, team.name AS team,
           ROUND((UNIX_TIMESTAMP() - UNIX_TIMESTAMP(task.created_at)) / 86400, 1) AS age_days,
           (SELECT /*+ JOIN_FIXED_ORDER() INDEX(edge dependency_dependents) */ COUNT(*)
              FROM dependency AS edge
              JOIN node AS dependent ON dependent.task_id = edge.task_id
             WHERE edge.workspace_id = v_workspace_id AND edge.depends_on_id = cause.task_id
               AND dependent.is_open AND dependent.waiting_for = 1) AS would_free,
           reached.distance, cause.path
      FROM cause
      JOIN reached ON reached.task_id = cause.task_id
      JOIN task ON task.id = cause.task_id
      LEFT JOIN app_user ON app_user.id = task.assignee_id
      LEFT JOIN team ON team.id = task.assignee_team_id
     ORDER BY reached.distance, cause.task_id;
END
