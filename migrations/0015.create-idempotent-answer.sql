-- Answers of calls that may be repeated, so that a repetition does nothing.
-- transactional: false

CREATE TABLE IF NOT EXISTS idempotent_answer (
    actor_id        BIGINT UNSIGNED NOT NULL COMMENT 'the user who asked',
    idempotency_key VARCHAR(128) COLLATE utf8mb4_bin NOT NULL COMMENT 'chosen by the caller',
    body_hash       BINARY(32) NOT NULL COMMENT 'SHA-256 of what was asked for',
    answer          JSON NOT NULL COMMENT 'what was answered',
    created_at      TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
    PRIMARY KEY (actor_id, idempotency_key),
    CONSTRAINT idempotent_answer_actor_fk FOREIGN KEY (actor_id) REFERENCES app_user (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci
  COMMENT 'Answers of the last day; each call with a key clears away the older ones of its user';
