CREATE PROCEDURE _lock_webhook (
    INOUT p_actor_id     BIGINT UNSIGNED,
    INOUT p_workspace_id BIGINT UNSIGNED,
    IN    p_webhook_id   BIGINT UNSIGNED
)
    COMMENT '
Lock a webhook, if the actor administers its workspace.

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
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_webhook_id BIGINT UNSIGNED;

    SELECT id INTO v_webhook_id FROM webhook WHERE id = p_webhook_id FOR UPDATE;

    -- Only now: it may have been deleted while the lock was awaited.
    CALL _find_webhook(p_actor_id, p_workspace_id, p_webhook_id);
END
