-- What people say about tasks. The text is here alone and not in the change log, so that it can be deleted.
-- transactional: false

CREATE TABLE IF NOT EXISTS comment (
    id           BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
    workspace_id BIGINT UNSIGNED NOT NULL,
    task_id      BIGINT UNSIGNED NOT NULL,
    author_id    BIGINT UNSIGNED NULL COMMENT 'who wrote it; NULL when a SQL login inserted the row itself',
    body         TEXT NOT NULL COMMENT 'Markdown, as it was written; empty once it is deleted',
    version      INT UNSIGNED NOT NULL DEFAULT 1 COMMENT 'raised by one with each change of the body',
    created_at   TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
    updated_at   TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
    deleted_at   TIMESTAMP(6) NULL COMMENT 'since when only its place is left',
    PRIMARY KEY (id),
    UNIQUE KEY comment_workspace (workspace_id, id) COMMENT 'target of the foreign keys of what belongs to a comment',
    KEY comment_task (workspace_id, task_id, id) COMMENT 'list_comments; serves its foreign key',
    KEY comment_author (author_id) COMMENT 'serves its foreign key',
    CONSTRAINT comment_task_fk FOREIGN KEY (workspace_id, task_id) REFERENCES task (workspace_id, id),
    CONSTRAINT comment_author_fk FOREIGN KEY (author_id) REFERENCES app_user (id),
    CONSTRAINT comment_deleted_is_empty CHECK (deleted_at IS NULL OR body = '')
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci
  COMMENT 'What people say about a task';

CREATE TABLE IF NOT EXISTS comment_version (
    workspace_id BIGINT UNSIGNED NOT NULL,
    comment_id   BIGINT UNSIGNED NOT NULL COMMENT 'the comment',
    version      INT UNSIGNED NOT NULL COMMENT 'the one that the comment then had',
    body         TEXT NOT NULL COMMENT 'what it said',
    written_at   TIMESTAMP(6) NOT NULL COMMENT 'since when it said so',
    PRIMARY KEY (workspace_id, comment_id, version),
    CONSTRAINT comment_version_comment_fk FOREIGN KEY (workspace_id, comment_id) REFERENCES comment (workspace_id, id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci
  COMMENT 'What comments said before they were changed; kept by triggers, and gone with the comment';

CREATE TABLE IF NOT EXISTS mention (
    workspace_id BIGINT UNSIGNED NOT NULL,
    comment_id   BIGINT UNSIGNED NOT NULL COMMENT 'the comment that names somebody',
    user_id      BIGINT UNSIGNED NOT NULL,
    created_at   TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
    PRIMARY KEY (workspace_id, comment_id, user_id),
    KEY mention_user (user_id, workspace_id, comment_id) COMMENT 'where a user was mentioned; serves its foreign key',
    CONSTRAINT mention_comment_fk FOREIGN KEY (workspace_id, comment_id) REFERENCES comment (workspace_id, id),
    CONSTRAINT mention_user_fk FOREIGN KEY (user_id) REFERENCES app_user (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci
  COMMENT 'Which members a comment names, when it was written; kept by triggers, never by hand';

ALTER TABLE change_log
    MODIFY COLUMN entity ENUM('workspace', 'membership', 'task', 'tag', 'dependency', 'comment', 'reaction') NOT NULL,
    MODIFY COLUMN task_id BIGINT UNSIGNED NULL COMMENT 'of everything but workspace and membership rows';
