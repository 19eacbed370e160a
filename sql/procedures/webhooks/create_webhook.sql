CREATE PROCEDURE create_webhook (
    IN p_actor_id     BIGINT UNSIGNED,
    IN p_workspace_id BIGINT UNSIGNED,
    IN p_url          VARCHAR(2048),
    IN p_kinds        JSON,
    IN p_secret       VARCHAR(512)
)
    COMMENT '
Have an address told of changes of a workspace from now on.

Only for the service, which makes the secret, shows it once and gives it here encrypted,
and judges the address.

Parameters
  p_actor_id      the user who asks
  p_workspace_id  the workspace
  p_url           where messages are sent
  p_kinds         an array of webhook_kind.kind: what it is told
  p_secret        what signs them, encrypted

Result
  one row: webhook_id, workspace_id, url, kinds (an array), is_enabled, failures
  (in a row), failing_since, not_before (when it is tried again after a failure, or is
  left to the worker that has it), waiting and dead (how many messages), created_by,
  created_at, old_secret_until

Errors
  actor_not_allowed    the login may not ask for that user
  actor_required       the login may ask for any user and named none
  permission_denied    only owners and admins may, and no API keys
  workspace_not_found  there is no such workspace for the actor
  invalid_request      the kinds are not valid
  too_many_webhooks    it has twenty

Example
  CALL create_webhook(1, 3, "https://example.org/hook", JSON_ARRAY("task.ready"), "encrypted");
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_webhook_id BIGINT UNSIGNED;
    DECLARE v_count      INT UNSIGNED;

    -- An open transaction of the caller (1568) is not ours to end.
    DECLARE EXIT HANDLER FOR 1568 RESIGNAL;
    DECLARE EXIT HANDLER FOR SQLEXCEPTION
    BEGIN
        ROLLBACK;
        RESIGNAL;
    END;

    SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
    START TRANSACTION;

    -- Locked, so that two at once do not both become the twentieth.
    CALL _lock_workspace(p_actor_id, p_workspace_id, 'administer');
    CALL _refuse_key(p_actor_id, p_workspace_id);
    SELECT COUNT(*) INTO v_count FROM webhook WHERE workspace_id = p_workspace_id;

    IF v_count >= 20 THEN
        CALL raise_error('too_many_webhooks', 'a workspace has at most 20 webhooks', JSON_OBJECT('most', 20));
    END IF;

    INSERT INTO webhook (workspace_id, url, secret, since_revision, created_by)
    VALUES (p_workspace_id, p_url, p_secret, _revision(p_workspace_id), p_actor_id);
    SET v_webhook_id = LAST_INSERT_ID();
    CALL _subscribe_webhook(v_webhook_id, p_kinds);
    CALL _log_security_event('webhook_created', NULL, p_workspace_id, p_actor_id, NULL, NULL,
                             JSON_OBJECT('webhook_id', v_webhook_id));
    CALL _show_webhook(v_webhook_id);

    COMMIT;
END
