CREATE PROCEDURE _wake_webhook (
    IN p_webhook_id BIGINT UNSIGNED
)
    COMMENT '
Have the messages of a webhook sent that are due, although it may rest after failures.

Parameters
  p_webhook_id  the webhook, locked

Result
  none
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    -- Where no failure says that it rests, a worker has it, and goes on by itself.
    UPDATE webhook
       SET wanted_at  = CURRENT_TIMESTAMP(6),
           not_before = IF(failures > 0, NULL, not_before)
     WHERE id = p_webhook_id;
END
