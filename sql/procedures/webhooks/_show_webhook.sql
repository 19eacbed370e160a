CREATE PROCEDURE _show_webhook (
    IN p_webhook_id BIGINT UNSIGNED
)
    COMMENT '
Show a webhook, without its secrets.

Parameters
  p_webhook_id  the webhook, which the actor may see

Result
  one row, as list_webhooks gives it
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    SELECT webhook.id AS webhook_id, webhook.workspace_id, webhook.url,
           (SELECT COALESCE(JSON_ARRAYAGG(kind), JSON_ARRAY()) FROM webhook_subscription WHERE webhook_id = webhook.id) AS kinds,
           webhook.is_enabled, webhook.failures, webhook.failing_since, webhook.not_before,
           (SELECT COUNT(*) FROM webhook_delivery WHERE webhook_id = webhook.id AND state = 'waiting') AS waiting,
           (SELECT COUNT(*) FROM webhook_delivery WHERE webhook_id = webhook.id AND state = 'dead') AS dead,
           webhook.created_by, webhook.created_at, webhook.old_secret_until
      FROM webhook
     WHERE webhook.id = p_webhook_id;
END
