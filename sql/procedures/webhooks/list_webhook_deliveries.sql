CREATE PROCEDURE list_webhook_deliveries (
    IN p_actor_id     BIGINT UNSIGNED,
    IN p_workspace_id BIGINT UNSIGNED,
    IN p_webhook_id   BIGINT UNSIGNED,
    IN p_state        VARCHAR(16),
    IN p_before       BIGINT UNSIGNED,
    IN p_limit        INT UNSIGNED
)
    COMMENT '
List the messages of a webhook, the newest first, each with its last attempt.

Delivered ones are kept for a week, those given up for a month.

Parameters
  p_actor_id      the user who asks; NULL for the one that the SQL login is bound to
  p_workspace_id  the workspace
  p_webhook_id    the webhook
  p_state         waiting, delivered or dead; NULL for all
  p_before        only those with a lower id; NULL: from the newest
  p_limit         how many at most

Result
  rows: delivery_id, message_id, kind, revision, state, attempts, tries_left, due_at,
  created_at, finished_at, status_code, error, answer, milliseconds (of the last attempt)

Errors
  actor_not_allowed    the login may not ask for that user
  actor_required       the login may ask for any user and named none
  permission_denied    only owners and admins may
  workspace_not_found  there is no such workspace for the actor
  webhook_not_found    the workspace has no such webhook

Example
  CALL list_webhook_deliveries(NULL, 3, 5, "dead", NULL, 20);
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    CALL _find_webhook(p_actor_id, p_workspace_id, p_webhook_id);

    SELECT delivery.id AS delivery_id, delivery.message_id, delivery.kind, delivery.revision, delivery.state, delivery.attempts,
           delivery.tries_left, delivery.due_at, delivery.created_at, delivery.finished_at,
           attempt.status_code, attempt.error, attempt.answer, attempt.milliseconds
      FROM webhook_delivery AS delivery
      LEFT JOIN webhook_attempt AS attempt ON attempt.delivery_id = delivery.id AND attempt.attempt = delivery.attempts
     WHERE delivery.webhook_id = p_webhook_id AND (p_state IS NULL OR delivery.state = p_state)
       AND (p_before IS NULL OR delivery.id < p_before)
     ORDER BY delivery.id DESC
     LIMIT p_limit;
END
