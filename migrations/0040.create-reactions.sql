-- Short answers to comments.
-- transactional: false

CREATE TABLE IF NOT EXISTS reaction_kind (
    kind       VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'what it is called',
    emoji      VARCHAR(8) NOT NULL COMMENT 'what it is shown as',
    sort_order TINYINT UNSIGNED NOT NULL,
    PRIMARY KEY (kind)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci
  COMMENT 'How people can react to a comment';

CREATE TABLE IF NOT EXISTS reaction (
    workspace_id BIGINT UNSIGNED NOT NULL,
    comment_id   BIGINT UNSIGNED NOT NULL COMMENT 'the comment',
    kind         VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'how',
    user_id      BIGINT UNSIGNED NOT NULL,
    created_at   TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
    PRIMARY KEY (workspace_id, comment_id, kind, user_id),
    KEY reaction_user (user_id) COMMENT 'serves its foreign key',
    KEY reaction_kind (kind) COMMENT 'serves its foreign key',
    CONSTRAINT reaction_comment_fk FOREIGN KEY (workspace_id, comment_id) REFERENCES comment (workspace_id, id),
    CONSTRAINT reaction_user_fk FOREIGN KEY (user_id) REFERENCES app_user (id),
    CONSTRAINT reaction_kind_fk FOREIGN KEY (kind) REFERENCES reaction_kind (kind)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci
  COMMENT 'How a user reacted to a comment, each way once';
