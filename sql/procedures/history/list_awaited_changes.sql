CREATE PROCEDURE list_awaited_changes (
    IN p_actor_id       BIGINT UNSIGNED,
    IN p_workspace_id   BIGINT UNSIGNED,
    IN p_after_revision BIGINT UNSIGNED,
    IN p_to_revision    BIGINT UNSIGNED
)
    COMMENT '
List the changes of what the open tasks of the actor wait for, and of these tasks themselves, oldest first.

Tasks of the actor are also those of the teams that the actor is in.

To follow them, ask again and again for what came after the last revision that was asked
for. What was awaited at any moment between the two revisions counts: also a task that is
awaited no more by what changed, such as one that was deleted or given to somebody else.

Parameters
  p_actor_id        the user who asks; NULL for the one that the SQL login is bound to
  p_workspace_id    the workspace; NULL for the personal one of the actor
  p_after_revision  the last revision that is known already; NULL or 0 for none
  p_to_revision     the last that is asked for; NULL for the newest

Result
  rows as of list_changes

Errors
  actor_not_allowed    the login may not ask for that user
  actor_required       the login may ask for any user and named none
  permission_denied    the role of the actor does not allow reading
  workspace_not_found  there is no such workspace for the actor
  revision_unknown     the workspace has not come to one of the revisions

Example
  CALL list_awaited_changes(NULL, NULL, 0, NULL);
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    CALL _find_workspace(p_actor_id, p_workspace_id);
    SET p_after_revision = COALESCE(p_after_revision, 0), p_to_revision = COALESCE(p_to_revision, _revision(p_workspace_id));
    CALL _check_revision(p_workspace_id, p_after_revision);
    CALL _check_revision(p_workspace_id, p_to_revision);

    -- A dependency or an assignment of now, or one that ended between the two.
    WITH RECURSIVE edge_then (task_id, depends_on_id) AS (
        SELECT task_id, depends_on_id
          FROM change_log
         WHERE workspace_id = p_workspace_id AND revision > p_after_revision AND revision <= p_to_revision
           AND entity = 'dependency' AND action = 'delete'
    ),
    awaited (task_id) AS (
        SELECT task.id
          FROM task
          JOIN node ON node.task_id = task.id
         WHERE task.assignee_id = p_actor_id AND task.workspace_id = p_workspace_id AND node.is_open
         UNION
        SELECT task.id
          FROM team_member
          JOIN task ON task.workspace_id = p_workspace_id AND task.assignee_team_id = team_member.team_id
          JOIN node ON node.task_id = task.id
         WHERE team_member.user_id = p_actor_id AND node.is_open
         UNION
        SELECT task_id
          FROM change_log
         WHERE workspace_id = p_workspace_id AND revision > p_after_revision AND revision <= p_to_revision
           AND entity = 'task' AND CAST(p_actor_id AS CHAR) IN (old_row ->> '$.assignee_id', new_row ->> '$.assignee_id')
         UNION
        SELECT entry.task_id
          FROM change_log AS entry
          JOIN team_member
            ON team_member.user_id = p_actor_id
           AND CAST(team_member.team_id AS CHAR) IN (entry.old_row ->> '$.assignee_team_id', entry.new_row ->> '$.assignee_team_id')
         WHERE entry.workspace_id = p_workspace_id AND entry.revision > p_after_revision AND entry.revision <= p_to_revision
           AND entry.entity = 'task'
         UNION
        SELECT edge.depends_on_id
          FROM awaited
          JOIN dependency AS edge ON edge.workspace_id = p_workspace_id AND edge.task_id = awaited.task_id
         UNION
        SELECT edge_then.depends_on_id
          FROM awaited
          JOIN edge_then ON edge_then.task_id = awaited.task_id
    )
    SELECT /*+ SET_VAR(cte_max_recursion_depth = 4294967295) */
           entry.revision, entry.changed_at, entry.actor_id, entry.login, entry.entity, entry.action, entry.task_id,
           entry.depends_on_id, entry.old_row, entry.new_row
      FROM change_log AS entry
     WHERE entry.workspace_id = p_workspace_id AND entry.revision > p_after_revision AND entry.revision <= p_to_revision
       AND entry.task_id IN (SELECT task_id FROM awaited)
     ORDER BY entry.revision;
END
