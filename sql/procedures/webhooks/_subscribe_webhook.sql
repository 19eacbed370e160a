CREATE PROCEDURE _subscribe_webhook (
    IN p_webhook_id BIGINT UNSIGNED,
    IN p_kinds      JSON
)
    COMMENT '
Set of what a webhook is told.

Parameters
  p_webhook_id  the webhook, locked
  p_kinds       an array of webhook_kind.kind

Result
  none

Errors
  invalid_request  it is no array of known kinds, or empty
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_known INT UNSIGNED;

    SELECT COUNT(*)
      INTO v_known
      FROM JSON_TABLE(p_kinds, '$[*]' COLUMNS (kind VARCHAR(32) PATH '$')) AS wanted
      JOIN webhook_kind ON webhook_kind.kind = wanted.kind AND BINARY webhook_kind.kind = BINARY wanted.kind;

    IF NOT COALESCE(JSON_TYPE(p_kinds) = 'ARRAY' AND v_known > 0 AND v_known = JSON_LENGTH(p_kinds), FALSE) THEN
        CALL raise_error('invalid_request', 'kinds is an array of known kinds, and not empty',
                         JSON_OBJECT('errors', JSON_OBJECT('kinds', JSON_ARRAY('not valid'))));
    END IF;

    DELETE FROM webhook_subscription WHERE webhook_id = p_webhook_id;
    INSERT INTO webhook_subscription (webhook_id, kind)
    SELECT DISTINCT p_webhook_id, kind FROM JSON_TABLE(p_kinds, '$[*]' COLUMNS (kind VARCHAR(32) PATH '$')) AS wanted;
END
