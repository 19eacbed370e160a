CREATE PROCEDURE _show_notifications (
    IN p_ids JSON
)
    COMMENT '
Show notifications, newest first.

Parameters
  p_ids  an array of their ids; whether they may be shown has been asked

Result
  rows: notification_id, kind, workspace_id, workspace (its name), task_id, title, actor_id,
  actor (the user name), revision, comment_id, due_at, created_at, read_at
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    SELECT notification.id AS notification_id, notification.kind, notification.workspace_id, workspace.name AS workspace,
           notification.task_id, task.title, notification.actor_id, actor.username AS actor, notification.revision,
           notification.comment_id, notification.due_at, notification.created_at, notification.read_at
      FROM JSON_TABLE(p_ids, '$[*]' COLUMNS (id BIGINT UNSIGNED PATH '$')) AS chosen
      JOIN notification ON notification.id = chosen.id
      JOIN workspace ON workspace.id = notification.workspace_id
      JOIN task ON task.id = notification.task_id
      LEFT JOIN app_user AS actor ON actor.id = notification.actor_id
     ORDER BY notification.id DESC;
END
