CREATE PROCEDURE _dispatch_notifications (
    IN p_workspace_id  BIGINT UNSIGNED,
    IN p_from_revision BIGINT UNSIGNED,
    IN p_to_revision   BIGINT UNSIGNED
)
    COMMENT '
Tell people of the changes of a workspace.

In the transaction of the caller, and as often as it likes: what was told before
is not told again. What was told of a task goes with it. Changes that are older than a week are not told, so that
nobody is flooded when the worker was away for long.

Parameters
  p_workspace_id   the workspace
  p_from_revision  the last revision that was told before
  p_to_revision    the last that is told now

Result
  none
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_events JSON;
    DECLARE v_gone   JSON;

    -- What is ready because of several of the changes is told with the last.
    WITH entry AS (
        SELECT revision, actor_id, task_id, old_row ->> '$.status' AS old_status, new_row ->> '$.status' AS new_status,
               JSON_VALUE(old_row, '$.assignee_id' RETURNING UNSIGNED) AS old_user_id,
               JSON_VALUE(new_row, '$.assignee_id' RETURNING UNSIGNED) AS new_user_id,
               JSON_VALUE(old_row, '$.assignee_team_id' RETURNING UNSIGNED) AS old_team_id,
               JSON_VALUE(new_row, '$.assignee_team_id' RETURNING UNSIGNED) AS new_team_id
          FROM change_log
         WHERE workspace_id = p_workspace_id AND revision > p_from_revision AND revision <= p_to_revision
           AND entity = 'task' AND action IN ('insert', 'update') AND changed_at > NOW(6) - INTERVAL 7 DAY
    ),
    completion AS (
        SELECT revision, actor_id, task_id
          FROM entry
         WHERE old_status <> 'completed' AND new_status = 'completed'
    ),
    unblocked AS (
        SELECT unblocking.task_id, MAX(unblocking.revision) AS revision
          FROM unblocking
          JOIN node ON node.task_id = unblocking.task_id AND node.readiness = 'ready'
         WHERE unblocking.workspace_id = p_workspace_id AND unblocking.revision > p_from_revision
           AND unblocking.revision <= p_to_revision
         GROUP BY unblocking.task_id
    ),
    remark AS (
        SELECT line.revision, line.actor_id, line.action, comment.task_id, comment.id AS comment_id
          FROM change_log AS line
          JOIN comment
            ON comment.id = JSON_VALUE(line.new_row, '$.comment_id' RETURNING UNSIGNED) AND comment.deleted_at IS NULL
         WHERE line.workspace_id = p_workspace_id AND line.revision > p_from_revision AND line.revision <= p_to_revision
           AND line.entity = 'comment' AND line.action IN ('insert', 'update') AND line.changed_at > NOW(6) - INTERVAL 7 DAY
    ),
    event AS (
        SELECT 'assigned' AS kind, task_id, revision, NULL AS comment_id, actor_id, new_user_id AS user_id, new_team_id AS team_id,
               NULL AS of_task_id
          FROM entry
         WHERE new_user_id <> COALESCE(old_user_id, 0) OR new_team_id <> COALESCE(old_team_id, 0)
         UNION ALL
        SELECT 'ready', unblocked.task_id, unblocked.revision, NULL, change_log.actor_id, NULL, NULL, unblocked.task_id
          FROM unblocked
          JOIN change_log ON change_log.workspace_id = p_workspace_id AND change_log.revision = unblocked.revision
         WHERE change_log.changed_at > NOW(6) - INTERVAL 7 DAY
         UNION ALL
        SELECT 'completed', task_id, revision, NULL, actor_id, NULL, NULL, task_id
          FROM completion
         UNION ALL
        -- What is ready is told as that, which says the same and more.
        SELECT 'completed', completion.task_id, completion.revision, NULL, completion.actor_id, NULL, NULL, dependency.task_id
          FROM completion
          JOIN dependency ON dependency.workspace_id = p_workspace_id AND dependency.depends_on_id = completion.task_id
          JOIN node ON node.task_id = dependency.task_id AND node.readiness = 'blocked'
         UNION ALL
        -- Whoever a comment named before it was changed has been told of it by that.
        SELECT 'mentioned', remark.task_id, remark.revision, remark.comment_id, remark.actor_id, mention.user_id, NULL, NULL
          FROM remark
          JOIN mention ON mention.workspace_id = p_workspace_id AND mention.comment_id = remark.comment_id
         UNION ALL
        SELECT 'commented', task_id, revision, comment_id, actor_id, NULL, NULL, task_id
          FROM remark
         WHERE action = 'insert'
    )
    SELECT JSON_ARRAYAGG(JSON_OBJECT('kind', kind, 'task_id', task_id, 'revision', revision, 'comment_id', comment_id,
                                     'actor_id', actor_id, 'user_id', user_id, 'team_id', team_id, 'of_task_id', of_task_id))
      INTO v_events
      FROM event;

    CALL _tell(v_events);

    CALL _note_due_tasks(p_workspace_id, p_from_revision, p_to_revision);

    -- Of what is gone nobody needs to know any more.
    SELECT JSON_ARRAYAGG(task_id)
      INTO v_gone
      FROM change_log
     WHERE workspace_id = p_workspace_id AND revision > p_from_revision AND revision <= p_to_revision
       AND entity = 'task' AND action = 'delete';

    DELETE /*+ JOIN_FIXED_ORDER() */ notification
      FROM JSON_TABLE(v_gone, '$[*]' COLUMNS (task_id BIGINT UNSIGNED PATH '$')) AS gone
      JOIN notification ON notification.task_id = gone.task_id;

    DELETE /*+ JOIN_FIXED_ORDER() */ task_watch
      FROM JSON_TABLE(v_gone, '$[*]' COLUMNS (task_id BIGINT UNSIGNED PATH '$')) AS gone
      JOIN task_watch ON task_watch.task_id = gone.task_id;
END
