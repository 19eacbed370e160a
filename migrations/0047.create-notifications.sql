-- The inbox of each user: what they are told, of which tasks, and by which way.
-- transactional: false

CREATE TABLE IF NOT EXISTS notification_kind (
    kind        VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'what is told',
    inbox       BOOLEAN NOT NULL COMMENT 'whether it goes into the inbox of who has not said otherwise',
    mail        ENUM('none', 'at_once', 'digest') CHARACTER SET ascii NOT NULL COMMENT 'whether they are mailed, likewise',
    sort_order  TINYINT UNSIGNED NOT NULL,
    description VARCHAR(200) NOT NULL,
    PRIMARY KEY (kind)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci
  COMMENT 'What people are told of';

-- No foreign key to workspaces or tasks: who is told takes none of their locks.
CREATE TABLE IF NOT EXISTS notification (
    id           BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
    user_id      BIGINT UNSIGNED NOT NULL,
    workspace_id BIGINT UNSIGNED NOT NULL,
    kind         VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'a row of notification_kind',
    task_id      BIGINT UNSIGNED NOT NULL,
    revision     BIGINT UNSIGNED NULL COMMENT 'the change of the workspace that is told; NULL for what only time brings',
    comment_id   BIGINT UNSIGNED NULL COMMENT 'the comment that is told of, if it is one',
    due_at       DATETIME NULL COMMENT 'UTC; of a reminder, when the task was due',
    occasion     BIGINT UNSIGNED AS (COALESCE(comment_id, revision, TO_SECONDS(due_at))) STORED NOT NULL
                 COMMENT 'what tells one from another of the same kind and task',
    actor_id     BIGINT UNSIGNED NULL COMMENT 'who did it; NULL for raw SQL and for time',
    in_inbox     BOOLEAN NOT NULL COMMENT 'whether the user wants to see it there',
    mail         ENUM('none', 'at_once', 'digest') CHARACTER SET ascii NOT NULL COMMENT 'how the user wants it by mail',
    created_at   TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
    read_at      TIMESTAMP(6) NULL COMMENT 'when the user had seen it; NULL: unread',
    PRIMARY KEY (id),
    UNIQUE KEY notification_once (user_id, kind, task_id, occasion) COMMENT 'each thing is told once, whoever tells it how often',
    KEY notification_inbox (user_id, in_inbox, id) COMMENT 'list_notifications, newest first',
    KEY notification_unread (user_id, in_inbox, read_at, id) COMMENT 'the unread ones, and how many they are',
    KEY notification_task (task_id) COMMENT 'what was told of a task that is deleted',
    CONSTRAINT notification_user_fk FOREIGN KEY (user_id) REFERENCES app_user (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci
  COMMENT 'What each user was told';

CREATE TABLE IF NOT EXISTS notification_preference (
    user_id      BIGINT UNSIGNED NOT NULL,
    kind         VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'a row of notification_kind',
    workspace_id BIGINT UNSIGNED NOT NULL COMMENT 'where it holds; 0: wherever nothing else is said',
    inbox        BOOLEAN NULL COMMENT 'whether it goes into the inbox; NULL: as said for everywhere, or by the kind',
    mail         ENUM('none', 'at_once', 'digest') CHARACTER SET ascii NULL COMMENT 'whether it is mailed; NULL likewise',
    PRIMARY KEY (user_id, kind, workspace_id),
    CONSTRAINT notification_preference_user_fk FOREIGN KEY (user_id) REFERENCES app_user (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci
  COMMENT 'What users want to be told otherwise than is usual';

CREATE TABLE IF NOT EXISTS task_watch (
    task_id BIGINT UNSIGNED NOT NULL,
    user_id BIGINT UNSIGNED NOT NULL,
    state   ENUM('watching', 'muted') CHARACTER SET ascii NOT NULL
            COMMENT 'watching: told as if the task were theirs; muted: told of nothing but mentions',
    PRIMARY KEY (task_id, user_id),
    KEY task_watch_user (user_id) COMMENT 'serves its foreign key',
    CONSTRAINT task_watch_user_fk FOREIGN KEY (user_id) REFERENCES app_user (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci
  COMMENT 'Who wants to hear more of a task, or nothing';
