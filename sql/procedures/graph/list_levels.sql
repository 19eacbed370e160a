CREATE PROCEDURE list_levels (
    IN p_actor_id     BIGINT UNSIGNED,
    IN p_workspace_id BIGINT UNSIGNED,
    IN p_open_only    BOOLEAN
)
    COMMENT '
List the tasks of a workspace in waves: those of one can be worked on at the same time.

The level of a task is the length of the longest chain of prerequisites below it. Those of
level 0 wait for nothing, and each wave can begin when the wave before it is done. Read
downwards, the tasks on the longest chain are one chain of tasks that wait for each other, and
nobody can finish in fewer steps than it has.

Parameters
  p_actor_id      the user who asks; NULL for the one that the SQL login is bound to
  p_workspace_id  the workspace; NULL for the personal one of the actor
  p_open_only     TRUE: what is left to do, so that level 0 are the ready tasks, and what is closed
                  holds nobody up; FALSE: every task whatever its status; NULL for TRUE

Result
  rows ordered by level: level (from 0), width (how many tasks), longest_chain_id and
  longest_chain_title (the task of this level on one longest chain), task_ids (a JSON array)

Errors
  actor_not_allowed    the login may not ask for that user
  actor_required       the login may ask for any user and named none
  permission_denied    the role of the actor does not allow reading
  workspace_not_found  there is no such workspace for the actor

Example
  CALL list_levels(NULL, NULL, TRUE);
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_level   INT UNSIGNED;
    DECLARE v_task_id BIGINT UNSIGNED;

    CALL _find_workspace(p_actor_id, p_workspace_id);
    CALL _level_tasks(p_workspace_id, COALESCE(p_open_only, TRUE));

    SELECT level, task_id INTO v_level, v_task_id FROM leveled_wave ORDER BY level DESC, task_id LIMIT 1;

    -- From the top, each time to a prerequisite one level below: a walk, not a search.
    WITH RECURSIVE chain (level, task_id) AS (
        SELECT v_level, v_task_id
         UNION ALL
        SELECT chain.level - 1, leveled_task.after_id
          FROM chain
          JOIN leveled_task ON leveled_task.task_id = chain.task_id
         WHERE chain.level > 0
    ),
    wave (level, width, task_ids) AS (
        SELECT level, COUNT(*), CAST(CONCAT('[', GROUP_CONCAT(task_id ORDER BY task_id), ']') AS JSON)
          FROM leveled_wave
         GROUP BY level
    )
    SELECT /*+ SET_VAR(cte_max_recursion_depth = 4294967295) SET_VAR(group_concat_max_len = 4294967295) */
           wave.level, wave.width, chain.task_id AS longest_chain_id, task.title AS longest_chain_title, wave.task_ids
      FROM wave
      JOIN chain ON chain.level = wave.level
      LEFT JOIN task ON task.id = chain.task_id
     ORDER BY wave.level;

    CALL _close_levels();
END
