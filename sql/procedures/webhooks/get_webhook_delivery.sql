CREATE PROCEDURE get_webhook_delivery (
    IN p_actor_id     BIGINT UNSIGNED,
    IN p_workspace_id BIGINT UNSIGNED,
    IN p_webhook_id   BIGINT UNSIGNED,
    IN p_delivery_id  BIGINT UNSIGNED
)
    COMMENT '
Show a message of a webhook: what is sent, and what came of each attempt.

Parameters
  p_actor_id      the user who asks; NULL for the one that the SQL login is bound to
  p_workspace_id  the workspace
  p_webhook_id    the webhook
  p_delivery_id   the message

Result
  one row: delivery_id, message_id, kind, revision, state, attempts, tries_left, due_at,
  created_at, finished_at, body, log (an array, the last twenty attempts: attempt,
  ended_at, milliseconds, status_code, error, answer)

Errors
  actor_not_allowed    the login may not ask for that user
  actor_required       the login may ask for any user and named none
  permission_denied    only owners and admins may
  workspace_not_found  there is no such workspace for the actor
  webhook_not_found    the workspace has no such webhook
  webhook_delivery_not_found  the webhook has no such message

Example
  CALL get_webhook_delivery(NULL, 3, 5, 11);
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    CALL _find_webhook(p_actor_id, p_workspace_id, p_webhook_id);

    IF NOT EXISTS (SELECT 1 FROM webhook_delivery WHERE id = p_delivery_id AND webhook_id = p_webhook_id) THEN
        CALL raise_error('webhook_delivery_not_found', CONCAT('no delivery ', COALESCE(p_delivery_id, 'NULL')),
                         JSON_OBJECT('delivery_id', p_delivery_id));
    END IF;

    SELECT id AS delivery_id, message_id, kind, revision, state, attempts, tries_left, due_at, created_at, finished_at, body,
           (SELECT COALESCE(JSON_ARRAYAGG(JSON_OBJECT('attempt', attempt, 'milliseconds', milliseconds,
                                                      'ended_at', DATE_FORMAT(ended_at, '%Y-%m-%dT%H:%i:%s.%fZ'),
                                                      'status_code', status_code, 'error', error, 'answer', answer)), JSON_ARRAY())
              FROM webhook_attempt
             WHERE delivery_id = webhook_delivery.id AND attempt + 20 > webhook_delivery.attempts) AS log
      FROM webhook_delivery
     WHERE id = p_delivery_id;
END
