CREATE PROCEDURE _tell (
    IN p_events JSON
)
    COMMENT '
Tell everybody whom something concerns, each once.

In the transaction of the caller. Nobody is told of their own deeds, nor of a
workspace that they may not read; of a task that they muted, only that they
were mentioned. What was told before is not told again, which the unique key
of notification sees to.

Parameters
  p_events  an array of objects: kind (a row of notification_kind), task_id (what it is
            about), revision, comment_id or due_at (which), actor_id (who did it); and who is
            told: user_id, team_id, or of_task_id, of which those who are assigned and who
            watch are

Result
  none
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    INSERT INTO notification (user_id, workspace_id, kind, task_id, revision, comment_id, due_at, actor_id, in_inbox, mail)
    WITH event AS (
        SELECT *
          FROM JSON_TABLE(p_events, '$[*]' COLUMNS (
                   kind       VARCHAR(16)     PATH '$.kind',
                   task_id    BIGINT UNSIGNED PATH '$.task_id',
                   revision   BIGINT UNSIGNED PATH '$.revision',
                   comment_id BIGINT UNSIGNED PATH '$.comment_id',
                   due_at     DATETIME        PATH '$.due_at',
                   actor_id   BIGINT UNSIGNED PATH '$.actor_id',
                   named_id   BIGINT UNSIGNED PATH '$.user_id',
                   team_id    BIGINT UNSIGNED PATH '$.team_id',
                   of_task_id BIGINT UNSIGNED PATH '$.of_task_id')) AS listed
    ),
    concerned AS (
        SELECT event.*, event.named_id AS user_id
          FROM event
         WHERE event.named_id IS NOT NULL
         UNION
        SELECT event.*, team_member.user_id
          FROM event
          JOIN team_member ON team_member.team_id = event.team_id
         UNION
        SELECT event.*, task.assignee_id
          FROM event
          JOIN task ON task.id = event.of_task_id
         WHERE task.assignee_id IS NOT NULL
         UNION
        SELECT event.*, team_member.user_id
          FROM event
          JOIN task ON task.id = event.of_task_id
          JOIN team_member ON team_member.team_id = task.assignee_team_id
         UNION
        SELECT event.*, task_watch.user_id
          FROM event
          JOIN task_watch ON task_watch.task_id = event.of_task_id AND task_watch.state = 'watching'
    ),
    wanted AS (
        SELECT concerned.user_id, task.workspace_id, concerned.kind, concerned.task_id, concerned.revision,
               concerned.comment_id, concerned.due_at, concerned.actor_id, COALESCE(here.inbox, everywhere.inbox, kind.inbox) AS in_inbox,
               -- An address that is not known to be theirs is told nothing.
               IF(app_user.email_verified_at IS NULL, 'none', COALESCE(here.mail, everywhere.mail, kind.mail)) AS mail
          FROM concerned
          JOIN notification_kind AS kind ON kind.kind = concerned.kind
          JOIN task ON task.id = concerned.task_id
          JOIN app_user ON app_user.id = concerned.user_id
          JOIN membership ON membership.workspace_id = task.workspace_id AND membership.user_id = concerned.user_id
          JOIN role_permission ON role_permission.role = membership.role AND role_permission.permission = 'read'
          LEFT JOIN notification_preference AS here
                 ON here.user_id = concerned.user_id AND here.kind = concerned.kind AND here.workspace_id = task.workspace_id
          LEFT JOIN notification_preference AS everywhere
                 ON everywhere.user_id = concerned.user_id AND everywhere.kind = concerned.kind AND everywhere.workspace_id = 0
         WHERE NOT concerned.user_id <=> concerned.actor_id
           -- Whom a comment names is told that, which says the same and more.
           AND (concerned.kind <> 'commented'
                OR NOT EXISTS (SELECT 1
                                 FROM mention
                                WHERE mention.workspace_id = task.workspace_id AND mention.comment_id = concerned.comment_id
                                  AND mention.user_id = concerned.user_id))
           AND (concerned.kind = 'mentioned'
                OR NOT EXISTS (SELECT 1
                                 FROM task_watch
                                WHERE task_watch.task_id IN (concerned.task_id, concerned.of_task_id)
                                  AND task_watch.user_id = concerned.user_id AND task_watch.state = 'muted'))
    )
    SELECT user_id, workspace_id, kind, task_id, revision, comment_id, due_at, actor_id, in_inbox, mail
      FROM wanted
     WHERE in_inbox OR mail <> 'none'
     ORDER BY COALESCE(revision, 0), due_at, task_id, user_id
        ON DUPLICATE KEY UPDATE id = notification.id;
END
