CREATE PROCEDURE update_webhook (
    IN p_actor_id     BIGINT UNSIGNED,
    IN p_workspace_id BIGINT UNSIGNED,
    IN p_webhook_id   BIGINT UNSIGNED,
    IN p_changes      JSON
)
    COMMENT '
Change where a webhook leads, what it is told, or whether it is told anything.

Only for the service, which judges the address. Messages that wait go to the new address.
To turn it on ends the rest that it has after failures.

Parameters
  p_actor_id      the user who asks
  p_workspace_id  the workspace
  p_webhook_id    the webhook
  p_changes       an object with any of: url, kinds, is_enabled

Result
  one row, as list_webhooks gives it

Errors
  actor_not_allowed    the login may not ask for that user
  actor_required       the login may ask for any user and named none
  permission_denied    only owners and admins may, and no API keys
  workspace_not_found  there is no such workspace for the actor
  webhook_not_found    the workspace has no such webhook
  invalid_request      the kinds are not valid

Example
  CALL update_webhook(1, 3, 5, JSON_OBJECT("is_enabled", FALSE));
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
    CALL _refuse_key(p_actor_id, p_workspace_id);

    UPDATE webhook
       SET url = COALESCE(JSON_VALUE(p_changes, '$.url' RETURNING CHAR(2048)), url)
     WHERE id = p_webhook_id;

    IF JSON_EXTRACT(p_changes, '$.is_enabled') IS NOT NULL THEN
        UPDATE webhook
           SET is_enabled = JSON_EXTRACT(p_changes, '$.is_enabled') = TRUE, failures = 0, failing_since = NULL, not_before = NULL
         WHERE id = p_webhook_id;
    END IF;

    IF JSON_EXTRACT(p_changes, '$.kinds') IS NOT NULL THEN
        CALL _subscribe_webhook(p_webhook_id, JSON_EXTRACT(p_changes, '$.kinds'));
    END IF;

    CALL _log_security_event('webhook_changed', NULL, p_workspace_id, p_actor_id, NULL, NULL,
                             JSON_OBJECT('webhook_id', p_webhook_id, 'changed', JSON_KEYS(p_changes)));
    CALL _show_webhook(p_webhook_id);

    COMMIT;
END
