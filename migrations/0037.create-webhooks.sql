-- Who is told of changes by an HTTP request, what is on its way, and what came of it.
-- transactional: false

CREATE TABLE IF NOT EXISTS webhook_kind (
    kind        VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'what a message is about, as receivers see it',
    description VARCHAR(200) NOT NULL,
    PRIMARY KEY (kind)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci
  COMMENT 'What a webhook may subscribe to';

CREATE TABLE IF NOT EXISTS webhook (
    id               BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
    workspace_id     BIGINT UNSIGNED NOT NULL,
    url              VARCHAR(2048) NOT NULL COMMENT 'where messages are sent',
    secret           VARCHAR(512) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
                     COMMENT 'what signs its messages, encrypted by the service with a key from its settings',
    old_secret       VARCHAR(512) CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'the one before, which signs as well for a while',
    old_secret_until TIMESTAMP(6) NULL COMMENT 'until when',
    is_enabled       BOOLEAN NOT NULL DEFAULT TRUE COMMENT 'whether it is told anything',
    since_revision   BIGINT UNSIGNED NOT NULL COMMENT 'the revision at which it was made: it is told what comes after',
    created_by       BIGINT UNSIGNED NOT NULL COMMENT 'who made it',
    created_at       TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
    wanted_at        TIMESTAMP(6) NULL COMMENT 'when the first of its messages is due; NULL: none waits',
    not_before       TIMESTAMP(6) NULL COMMENT 'until then a worker has it, or it rests after a failure',
    failures         INT UNSIGNED NOT NULL DEFAULT 0 COMMENT 'attempts in a row that failed',
    failing_since    TIMESTAMP(6) NULL COMMENT 'when the first of them was',
    PRIMARY KEY (id),
    KEY webhook_workspace (workspace_id) COMMENT 'list_webhooks and _dispatch_webhooks; serves its foreign key',
    KEY webhook_wanted (wanted_at) COMMENT 'claim_webhook_deliveries finds the one that waits longest',
    KEY webhook_created_by (created_by) COMMENT 'serves its foreign key',
    CONSTRAINT webhook_workspace_fk FOREIGN KEY (workspace_id) REFERENCES workspace (id),
    CONSTRAINT webhook_created_by_fk FOREIGN KEY (created_by) REFERENCES app_user (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci
  COMMENT 'Addresses that are told of changes of a workspace';

CREATE TABLE IF NOT EXISTS webhook_subscription (
    webhook_id BIGINT UNSIGNED NOT NULL COMMENT 'the webhook',
    kind       VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'what it wants to be told',
    PRIMARY KEY (webhook_id, kind),
    KEY webhook_subscription_kind (kind) COMMENT 'serves its foreign key',
    CONSTRAINT webhook_subscription_webhook_fk FOREIGN KEY (webhook_id) REFERENCES webhook (id),
    CONSTRAINT webhook_subscription_kind_fk FOREIGN KEY (kind) REFERENCES webhook_kind (kind)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci
  COMMENT 'Which kinds of messages a webhook wants';

CREATE TABLE IF NOT EXISTS webhook_delivery (
    id           BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
    webhook_id   BIGINT UNSIGNED NOT NULL COMMENT 'to whom',
    message_id   CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'the same in every attempt',
    kind         VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'a word of webhook_kind, or webhook.test',
    revision     BIGINT UNSIGNED NULL COMMENT 'the change that it tells of',
    body         JSON NOT NULL COMMENT 'what is sent',
    state        ENUM('waiting', 'delivered', 'dead') CHARACTER SET ascii NOT NULL DEFAULT 'waiting'
                 COMMENT 'dead: given up after the last attempt, until somebody replays it',
    attempts     INT UNSIGNED NOT NULL DEFAULT 0 COMMENT 'how often it was sent',
    tries_left   TINYINT UNSIGNED NOT NULL DEFAULT 10 COMMENT 'how often it may still fail',
    due_at       TIMESTAMP(6) NULL DEFAULT CURRENT_TIMESTAMP(6) COMMENT 'when it is sent next; NULL: it is not',
    created_at   TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
    finished_at  TIMESTAMP(6) NULL COMMENT 'when it was delivered or given up',
    PRIMARY KEY (id),
    KEY webhook_delivery_due (webhook_id, due_at, id) COMMENT 'claim_webhook_deliveries, in order',
    KEY webhook_delivery_state (webhook_id, state, id) COMMENT 'list_webhook_deliveries and replays, newest first',
    KEY webhook_delivery_finished (finished_at) COMMENT 'remove_old_rows',
    CONSTRAINT webhook_delivery_webhook_fk FOREIGN KEY (webhook_id) REFERENCES webhook (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci
  COMMENT 'Messages to webhooks, kept for some days';

CREATE TABLE IF NOT EXISTS webhook_attempt (
    delivery_id  BIGINT UNSIGNED NOT NULL COMMENT 'the message',
    attempt      INT UNSIGNED NOT NULL COMMENT 'counted from 1',
    ended_at     TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) COMMENT 'when what came of it was known',
    milliseconds INT UNSIGNED NOT NULL COMMENT 'how long it took',
    status_code  SMALLINT UNSIGNED NULL COMMENT 'what was answered; NULL: nothing was',
    error        VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'why it failed; NULL: it did not',
    answer       VARCHAR(500) NULL COMMENT 'the beginning of what was answered',
    PRIMARY KEY (delivery_id, attempt),
    CONSTRAINT webhook_attempt_delivery_fk FOREIGN KEY (delivery_id) REFERENCES webhook_delivery (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci
  COMMENT 'What came of each attempt to deliver a message';
