CREATE PROCEDURE _dispatch_webhooks (
    IN p_workspace_id BIGINT UNSIGNED,
    IN p_after        BIGINT UNSIGNED,
    IN p_to           BIGINT UNSIGNED
)
    COMMENT '
Write down the messages for webhooks that follow from some changes.

Each change has one kind, the most particular: a change of a task that is completed by
it is task.completed and no task.updated.

Parameters
  p_workspace_id  the workspace, whose cursor is locked
  p_after         the changes after this revision
  p_to            up to this one

Result
  none
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_webhooks JSON;

    -- Locked before their messages, by everybody; the index has them in the order of their ids.
    SELECT JSON_ARRAYAGG(id)
      INTO v_webhooks
      FROM (SELECT id FROM webhook WHERE workspace_id = p_workspace_id AND is_enabled FOR UPDATE) AS listening;

    IF v_webhooks IS NOT NULL THEN
        INSERT INTO webhook_delivery (webhook_id, message_id, kind, revision, body)
        SELECT listening.id, CONCAT('msg_', LOWER(HEX(RANDOM_BYTES(16)))), told.kind, told.revision,
               JSON_OBJECT('type', told.kind, 'timestamp', DATE_FORMAT(told.changed_at, '%Y-%m-%dT%H:%i:%s.%fZ'), 'data', told.data)
          FROM (SELECT revision, changed_at, 0 AS place,
                       CASE
                           WHEN entity = 'task' AND action = 'update' AND old_row ->> '$.status' <> new_row ->> '$.status'
                               THEN CASE new_row ->> '$.status'
                                        WHEN 'completed' THEN 'task.completed'
                                        WHEN 'cancelled' THEN 'task.cancelled'
                                        WHEN 'in_progress' THEN 'task.started'
                                        ELSE IF(old_row ->> '$.status' = 'in_progress', 'task.stopped', 'task.reopened')
                                    END
                           ELSE CONCAT(entity, '.', ELT(action, 'created', 'updated', 'deleted'))
                       END AS kind,
                       JSON_OBJECT('workspace_id', workspace_id, 'revision', revision, 'actor_id', actor_id, 'task_id', task_id,
                                   'depends_on_id', depends_on_id, 'old', old_row, 'new', new_row) AS data
                  FROM change_log
                 WHERE workspace_id = p_workspace_id AND revision > p_after AND revision <= p_to
                 UNION ALL
                SELECT freed.revision, change_log.changed_at, 1, 'task.ready',
                       JSON_OBJECT('workspace_id', p_workspace_id, 'revision', freed.revision, 'task_id', task.id,
                                   'task', JSON_OBJECT('task_key', task.task_key, 'title', task.title, 'status', task.status,
                                                       'priority', task.priority, 'assignee_id', task.assignee_id,
                                                       'assignee_team_id', task.assignee_team_id, 'due_at', task.due_at))
                  FROM (SELECT task_id, MAX(revision) AS revision
                          FROM unblocking
                         WHERE workspace_id = p_workspace_id AND revision <= p_to
                         GROUP BY task_id) AS freed
                  JOIN node ON node.task_id = freed.task_id AND node.readiness = 'ready'
                  JOIN task ON task.id = freed.task_id
                  JOIN change_log ON change_log.workspace_id = p_workspace_id AND change_log.revision = freed.revision) AS told
          JOIN JSON_TABLE(v_webhooks, '$[*]' COLUMNS (id BIGINT UNSIGNED PATH '$')) AS listening
          JOIN webhook ON webhook.id = listening.id AND webhook.since_revision < told.revision
          JOIN webhook_subscription ON webhook_subscription.webhook_id = listening.id AND webhook_subscription.kind = told.kind
         ORDER BY told.revision, told.place, listening.id;

        UPDATE webhook
          JOIN JSON_TABLE(v_webhooks, '$[*]' COLUMNS (id BIGINT UNSIGNED PATH '$')) AS listening ON listening.id = webhook.id
           SET webhook.wanted_at = (SELECT MIN(due_at) FROM webhook_delivery WHERE webhook_id = webhook.id);
    END IF;
END
