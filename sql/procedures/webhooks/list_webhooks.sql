CREATE PROCEDURE list_webhooks (
    IN p_actor_id     BIGINT UNSIGNED,
    IN p_workspace_id BIGINT UNSIGNED
)
    COMMENT '
List who is told of changes of a workspace.

Parameters
  p_actor_id      the user who asks; NULL for the one that the SQL login is bound to
  p_workspace_id  the workspace

Result
  rows: webhook_id, workspace_id, url, kinds (an array), is_enabled, failures
  (in a row), failing_since, not_before (when it is tried again after a failure, or is
  left to the worker that has it), waiting and dead (how many messages), created_by,
  created_at, old_secret_until

Errors
  actor_not_allowed    the login may not ask for that user
  actor_required       the login may ask for any user and named none
  permission_denied    only owners and admins may
  workspace_not_found  there is no such workspace for the actor

Example
  CALL list_webhooks(NULL, 3);
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    CALL _authorize(p_actor_id, p_workspace_id, NULL, 'administer');

    SELECT webhook.id AS webhook_id, webhook.workspace_id, webhook.url,
           (SELECT COALESCE(JSON_ARRAYAGG(kind), JSON_ARRAY()) FROM webhook_subscription WHERE webhook_id = webhook.id) AS kinds,
           webhook.is_enabled, webhook.failures, webhook.failing_since, webhook.not_before,
           (SELECT COUNT(*) FROM webhook_delivery WHERE webhook_id = webhook.id AND state = 'waiting') AS waiting,
           (SELECT COUNT(*) FROM webhook_delivery WHERE webhook_id = webhook.id AND state = 'dead') AS dead,
           webhook.created_by, webhook.created_at, webhook.old_secret_until
      FROM webhook
     WHERE webhook.workspace_id = p_workspace_id
     ORDER BY webhook.id;
END
