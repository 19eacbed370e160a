CREATE PROCEDURE delete_webhook (
    IN p_actor_id     BIGINT UNSIGNED,
    IN p_workspace_id BIGINT UNSIGNED,
    IN p_webhook_id   BIGINT UNSIGNED
)
    COMMENT '
Delete a webhook with all its messages, also those that wait.

Parameters
  p_actor_id      the user who asks; NULL for the one that the SQL login is bound to
  p_workspace_id  the workspace
  p_webhook_id    the webhook

Result
  one row: webhook_id, workspace_id

Errors
  actor_not_allowed    the login may not ask for that user
  actor_required       the login may ask for any user and named none
  permission_denied    only owners and admins may
  workspace_not_found  there is no such workspace for the actor
  webhook_not_found    the workspace has no such webhook

Example
  CALL delete_webhook(NULL, 3, 5);
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN

    -- An open transaction of the caller (1568) is not ours to end.
    DECLARE EXIT HANDLER FOR 1568 RESIGNAL;
    DECLARE EXIT HANDLER FOR SQLEXCEPTION
    BEGIN
        ROLLBACK;
        RESIGNAL;
    END;

    SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
    START TRANSACTION;

    CALL _lock_webhook(p_actor_id, p_workspace_id, p_webhook_id);

    DELETE webhook_attempt
      FROM webhook_delivery
      JOIN webhook_attempt ON webhook_attempt.delivery_id = webhook_delivery.id
     WHERE webhook_delivery.webhook_id = p_webhook_id;
    DELETE FROM webhook_delivery WHERE webhook_id = p_webhook_id;
    DELETE FROM webhook_subscription WHERE webhook_id = p_webhook_id;
    DELETE FROM webhook WHERE id = p_webhook_id;

    CALL _log_security_event('webhook_deleted', NULL, p_workspace_id, p_actor_id, NULL, NULL,
                             JSON_OBJECT('webhook_id', p_webhook_id));
    SELECT p_webhook_id AS webhook_id, p_workspace_id AS workspace_id;

    COMMIT;
END
