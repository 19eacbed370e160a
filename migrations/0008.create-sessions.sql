-- Who is logged in from where, and what happened to accounts and rights.
-- transactional: false

CREATE TABLE IF NOT EXISTS login_session (
    id            BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
    user_id       BIGINT UNSIGNED NOT NULL,
    family_hash   CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
                  COMMENT 'SHA-256 of the half that all refresh tokens of the session share',
    token_hash    CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'SHA-256 of its newest refresh token',
    previous_hash CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL
                  COMMENT 'of the one before, whose answer may have been lost',
    created_at    TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
    used_at       TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) COMMENT 'the login, or the newest refresh',
    expires_at    TIMESTAMP(6) NOT NULL COMMENT 'until then it can be refreshed, which moves it',
    revoked_at    TIMESTAMP(6) NULL COMMENT 'since then no token of it is good',
    address       VARCHAR(45) NULL COMMENT 'of the client at its last use',
    user_agent    VARCHAR(255) NULL COMMENT 'what the client calls itself',
    PRIMARY KEY (id),
    UNIQUE KEY login_session_family (family_hash) COMMENT 'rotate_session finds the session of a refresh token',
    KEY login_session_user (user_id) COMMENT 'list_sessions and revoke_sessions',
    KEY login_session_revoked (revoked_at) COMMENT 'list_revoked_sessions, asked by every process twice a second',
    CONSTRAINT login_session_user_fk FOREIGN KEY (user_id) REFERENCES app_user (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci
  COMMENT 'A login that goes on: its refresh tokens replace each other';

CREATE TABLE IF NOT EXISTS security_event_kind (
    event       VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'noun_participle, as errors are named',
    description VARCHAR(200) NOT NULL,
    PRIMARY KEY (event)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci
  COMMENT 'What security_event tells of';

-- No foreign keys but the word: a log outlives what it tells of, and takes no lock of a workspace.
CREATE TABLE IF NOT EXISTS security_event (
    id           BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
    occurred_at  TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) COMMENT 'when it happened',
    event        VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'a word of security_event_kind',
    user_id      BIGINT UNSIGNED NULL COMMENT 'whom it is about; NULL: nobody that is known',
    workspace_id BIGINT UNSIGNED NULL COMMENT 'where; NULL: it is about the account',
    actor_id     BIGINT UNSIGNED NULL COMMENT 'who did it; NULL: nobody that is known, or raw SQL',
    login        VARCHAR(32) COLLATE utf8mb4_bin NOT NULL
                 DEFAULT (LEFT(USER(), CHAR_LENGTH(USER()) - CHAR_LENGTH(SUBSTRING_INDEX(USER(), '@', -1)) - 1))
                 COMMENT 'the MySQL user name of the session',
    address      VARCHAR(45) NULL COMMENT 'of the client, where the service knows it',
    user_agent   VARCHAR(255) NULL COMMENT 'what the client calls itself',
    facts        JSON NULL COMMENT 'what else there is to tell; never a secret',
    PRIMARY KEY (id),
    KEY security_event_user (user_id, id) COMMENT 'list_own_security_events, newest first',
    KEY security_event_workspace (workspace_id, id) COMMENT 'list_security_events, newest first',
    KEY security_event_event (event) COMMENT 'serves its foreign key',
    CONSTRAINT security_event_event_fk FOREIGN KEY (event) REFERENCES security_event_kind (event)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci
  COMMENT 'What happened to accounts and rights; only ever added to';
