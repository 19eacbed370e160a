CREATE PROCEDURE _find_webhook (
    INOUT p_actor_id     BIGINT UNSIGNED,
    INOUT p_workspace_id BIGINT UNSIGNED,
    IN    p_webhook_id   BIGINT UNSIGNED
)
    COMMENT '
Refuse whoever does not administer the workspace of a webhook.

Parameters
  p_actor_id      as for _identify
  p_workspace_id  the workspace
  p_webhook_id    the webhook

Result
  none

Errors
  actor_not_allowed    as for _identify
  actor_required       as for _identify
  permission_denied    the actor is a member, but neither owner nor admin
  workspace_not_found  there is no such workspace for the actor
  webhook_not_found    the workspace has no such webhook
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    CALL _authorize(p_actor_id, p_workspace_id, NULL, 'administer');

    IF NOT EXISTS (SELECT 1 FROM webhook WHERE id = p_webhook_id AND workspace_id = p_workspace_id) THEN
        CALL raise_error('webhook_not_found', CONCAT('no webhook ', COALESCE(p_webhook_id, 'NULL')),
                         JSON_OBJECT('webhook_id', p_webhook_id));
    END IF;
END
