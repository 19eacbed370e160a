CREATE PROCEDURE _keep_answer (
    IN p_actor_id  BIGINT UNSIGNED,
    IN p_key       VARCHAR(128),
    IN p_body_hash BINARY(32),
    IN p_answer    JSON
)
    COMMENT '
Keep an answer for a repetition of its call, in the transaction of what was done.

Parameters
  p_actor_id   the user who asks
  p_key        the idempotency key
  p_body_hash  SHA-256 of what was asked for
  p_answer     the answer

Result
  none

Errors
  idempotency_key_reused  meanwhile another call used the key, in another workspace
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE EXIT HANDLER FOR 1062
        CALL raise_error('idempotency_key_reused', 'another request was made with this idempotency key', NULL);

    INSERT INTO idempotent_answer (actor_id, idempotency_key, body_hash, answer)
    VALUES (p_actor_id, p_key, p_body_hash, p_answer);
END
