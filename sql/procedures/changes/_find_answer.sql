CREATE PROCEDURE _find_answer (
    IN  p_actor_id  BIGINT UNSIGNED,
    IN  p_key       VARCHAR(128),
    IN  p_body_hash BINARY(32),
    OUT p_answer    JSON
)
    COMMENT '
Find the answer that an earlier call with the same idempotency key was given.

Answers are kept for a day; each call clears away the older ones of the same actor.

Parameters
  p_actor_id   the user who asks: keys of different users are different
  p_key        the key
  p_body_hash  SHA-256 of what is asked for
  p_answer     the answer; NULL if there is none yet

Result
  none

Errors
  idempotency_key_reused  the call with that key asked for something else
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_body_hash BINARY(32);

    DELETE FROM idempotent_answer WHERE actor_id = p_actor_id AND created_at < CURRENT_TIMESTAMP(6) - INTERVAL 1 DAY;

    SELECT body_hash, answer
      INTO v_body_hash, p_answer
      FROM idempotent_answer
     WHERE actor_id = p_actor_id AND idempotency_key = p_key;

    IF v_body_hash <> p_body_hash THEN
        CALL raise_error('idempotency_key_reused', 'another request was made with this idempotency key', NULL);
    END IF;
END
