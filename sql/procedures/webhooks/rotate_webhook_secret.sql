CREATE PROCEDURE rotate_webhook_secret (
    IN p_actor_id     BIGINT UNSIGNED,
    IN p_workspace_id BIGINT UNSIGNED,
    IN p_webhook_id   BIGINT UNSIGNED,
    IN p_secret       VARCHAR(512),
    IN p_hours        INT UNSIGNED
)
    COMMENT '
Have the messages of a webhook signed with a new secret.

Only for the service, which makes it. For a while they are signed with both, so that the
receiver can be given the new one in the meantime.

Parameters
  p_actor_id      the user who asks
  p_workspace_id  the workspace
  p_webhook_id    the webhook
  p_secret        the new one, encrypted
  p_hours         how long the old one signs as well; 0 if it is known to others

Result
  one row, as list_webhooks gives it

Errors
  actor_not_allowed    the login may not ask for that user
  actor_required       the login may ask for any user and named none
  permission_denied    only owners and admins may, and no API keys
  workspace_not_found  there is no such workspace for the actor
  webhook_not_found    the workspace has no such webhook

Example
  CALL rotate_webhook_secret(1, 3, 5, "encrypted", 24);
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
       SET old_secret       = IF(p_hours > 0, secret, NULL),
           old_secret_until = IF(p_hours > 0, CURRENT_TIMESTAMP(6) + INTERVAL p_hours HOUR, NULL),
           secret           = p_secret
     WHERE id = p_webhook_id;

    CALL _log_security_event('webhook_secret_rotated', NULL, p_workspace_id, p_actor_id, NULL, NULL,
                             JSON_OBJECT('webhook_id', p_webhook_id));
    CALL _show_webhook(p_webhook_id);

    COMMIT;
END
