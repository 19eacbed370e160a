-- What users are mailed: which addresses are theirs, and what is on its way.
-- transactional: false

ALTER TABLE app_user
    ADD COLUMN email_verified_at TIMESTAMP(6) NULL
               COMMENT 'since when the address is known to be theirs; NULL: it is not, and nothing else is mailed there',
    ALGORITHM = INSTANT;

CREATE TABLE IF NOT EXISTS mail (
    id         BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
    user_id    BIGINT UNSIGNED NOT NULL,
    purpose    ENUM('confirmation', 'at_once', 'digest') CHARACTER SET ascii NOT NULL
               COMMENT 'to confirm the address, or what notification.mail says',
    address    VARCHAR(254) NULL COMMENT 'of a confirmation, what is to be confirmed; others go where the user is then',
    day        DATE NULL COMMENT 'of a digest, the day in whose morning it is sent, where the user lives',
    batch      CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'the call that made it',
    created_at TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
    attempts   INT UNSIGNED NOT NULL DEFAULT 0 COMMENT 'how often it was tried',
    next_at    TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6)
               COMMENT 'when it is tried again; while a worker tries, until when it is left to it',
    ended_at   TIMESTAMP(6) NULL COMMENT 'when it was sent or given up',
    outcome    ENUM('sent', 'given_up', 'dropped') CHARACTER SET ascii NULL
               COMMENT 'what became of it; dropped: by then there was nothing to say; NULL: on its way',
    last_error VARCHAR(200) NULL COMMENT 'why the last attempt failed',
    PRIMARY KEY (id),
    UNIQUE KEY mail_day (user_id, purpose, day) COMMENT 'one digest a day',
    KEY mail_next (outcome, next_at) COMMENT 'claim_mail: what is to be tried now',
    KEY mail_batch (batch, user_id) COMMENT 'gather_mail finds what it has just made',
    CONSTRAINT mail_user_fk FOREIGN KEY (user_id) REFERENCES app_user (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci
  COMMENT 'Mails that are on their way, and what became of them';

ALTER TABLE notification
    ADD COLUMN mail_id BIGINT UNSIGNED NULL COMMENT 'the mail that tells it; NULL: none, or none yet' AFTER mail,
    ADD KEY notification_mail (mail, mail_id, user_id) COMMENT 'what is to be mailed, and what is in a mail';
