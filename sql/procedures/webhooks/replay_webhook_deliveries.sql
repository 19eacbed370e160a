CREATE PROCEDURE replay_webhook_deliveries (
    IN p_actor_id     BIGINT UNSIGNED,
    IN p_workspace_id BIGINT UNSIGNED,
    IN p_webhook_id   BIGINT UNSIGNED,
    IN p_delivery_id  BIGINT UNSIGNED
)
    COMMENT '
Send messages again: one, or all that were given up.

They keep their ids, so a receiver that has one already can tell.

Parameters
  p_actor_id      the user who asks; NULL for the one that the SQL login is bound to
  p_workspace_id  the workspace
  p_webhook_id    the webhook
  p_delivery_id   the message, whatever came of it; NULL: all that are dead

Result
  one row: webhook_id, workspace_id, replayed (how many)

Errors
  actor_not_allowed    the login may not ask for that user
  actor_required       the login may ask for any user and named none
  permission_denied    only owners and admins may
  workspace_not_found  there is no such workspace for the actor
  webhook_not_found    the workspace has no such webhook
  webhook_delivery_not_found  the webhook has no such message

Example
  CALL replay_webhook_deliveries(NULL, 3, 5, NULL);
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_replayed INT UNSIGNED;

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

    UPDATE webhook_delivery
       SET state = 'waiting', tries_left = 10, due_at = CURRENT_TIMESTAMP(6), finished_at = NULL
     WHERE webhook_id = p_webhook_id AND IF(p_delivery_id IS NULL, state = 'dead', id = p_delivery_id);
    SET v_replayed = ROW_COUNT();

    IF v_replayed = 0 AND p_delivery_id IS NOT NULL THEN
        CALL raise_error('webhook_delivery_not_found', CONCAT('no delivery ', p_delivery_id),
                         JSON_OBJECT('delivery_id', p_delivery_id));
    END IF;

    CALL _wake_webhook(p_webhook_id);
    SELECT p_webhook_id AS webhook_id, p_workspace_id AS workspace_id, v_replayed AS replayed;

    COMMIT;
END
