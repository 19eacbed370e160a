CREATE PROCEDURE test_webhook (
    IN p_actor_id     BIGINT UNSIGNED,
    IN p_workspace_id BIGINT UNSIGNED,
    IN p_webhook_id   BIGINT UNSIGNED
)
    COMMENT '
Send a message of the kind webhook.test, which says nothing.

What comes of it is seen by get_webhook_delivery. A webhook that rests after failures is
tried at once.

Parameters
  p_actor_id      the user who asks; NULL for the one that the SQL login is bound to
  p_workspace_id  the workspace
  p_webhook_id    the webhook

Result
  one row: delivery_id, webhook_id, workspace_id, message_id, kind, state

Errors
  actor_not_allowed    the login may not ask for that user
  actor_required       the login may ask for any user and named none
  permission_denied    only owners and admins may
  workspace_not_found  there is no such workspace for the actor
  webhook_not_found    the workspace has no such webhook
  webhook_disabled     it is turned off, so nothing would be sent

Example
  CALL test_webhook(NULL, 3, 5);
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_delivery_id BIGINT UNSIGNED;

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

    IF NOT (SELECT is_enabled FROM webhook WHERE id = p_webhook_id) THEN
        CALL raise_error('webhook_disabled', CONCAT('webhook ', p_webhook_id, ' is turned off'),
                         JSON_OBJECT('webhook_id', p_webhook_id));
    END IF;

    INSERT INTO webhook_delivery (webhook_id, message_id, kind, body)
    VALUES (p_webhook_id, CONCAT('msg_', LOWER(HEX(RANDOM_BYTES(16)))), 'webhook.test',
            JSON_OBJECT('type', 'webhook.test', 'timestamp', DATE_FORMAT(CURRENT_TIMESTAMP(6), '%Y-%m-%dT%H:%i:%s.%fZ'),
                        'data', JSON_OBJECT('workspace_id', p_workspace_id, 'webhook_id', p_webhook_id)));
    SET v_delivery_id = LAST_INSERT_ID();
    CALL _wake_webhook(p_webhook_id);

    SELECT id AS delivery_id, webhook_id, p_workspace_id AS workspace_id, message_id, kind, state
      FROM webhook_delivery
     WHERE id = v_delivery_id;

    COMMIT;
END
