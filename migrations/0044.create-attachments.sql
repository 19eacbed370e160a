-- Files that hang on tasks. Their bytes are in a storage outside of MySQL; each key of it that was ever given
-- out has a row here until its bytes are gone.
-- transactional: false

CREATE TABLE IF NOT EXISTS stored_file (
    id            BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
    workspace_id  BIGINT UNSIGNED NOT NULL,
    storage_key   CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'under which its bytes are stored; random',
    state         ENUM('pending', 'kept', 'dropped') CHARACTER SET ascii NOT NULL DEFAULT 'pending'
                  COMMENT 'pending -> kept, when all bytes are stored; either -> dropped, when they are to be removed',
    task_id       BIGINT UNSIGNED NOT NULL COMMENT 'for which it was uploaded; the task may be gone',
    name          VARCHAR(255) COLLATE utf8mb4_0900_as_cs NOT NULL COMMENT 'of the attachment that it is a version of',
    size_bytes    BIGINT UNSIGNED NOT NULL COMMENT 'its size; while pending, the most that it may come to, which is reserved',
    sha256        CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'of its bytes, in hexadecimal; NULL while pending',
    media_type    VARCHAR(127) CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'told from its bytes; NULL while pending',
    attachment_id BIGINT UNSIGNED NULL COMMENT 'the attachment of which it is or was a version; NULL: of none',
    version       INT UNSIGNED NULL COMMENT 'which one, from 1',
    created_by    BIGINT UNSIGNED NULL COMMENT 'who uploaded it',
    created_at    TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
    kept_at       TIMESTAMP(6) NULL COMMENT 'when it became what it is of the attachment',
    collect_at    TIMESTAMP(6) NULL COMMENT 'from then on its bytes may be removed; NULL: not at all',
    PRIMARY KEY (id),
    UNIQUE KEY stored_file_key (storage_key) COMMENT 'headgate attachments check finds the row of a key',
    UNIQUE KEY stored_file_version (attachment_id, version) COMMENT 'list_attachment_versions',
    KEY stored_file_size (workspace_id, state, size_bytes) COMMENT 'begin_upload sums up what a workspace takes; serves its foreign key',
    KEY stored_file_collection (collect_at) COMMENT 'list_orphans',
    KEY stored_file_creator (created_by) COMMENT 'serves its foreign key',
    CONSTRAINT stored_file_workspace_fk FOREIGN KEY (workspace_id) REFERENCES workspace (id),
    CONSTRAINT stored_file_creator_fk FOREIGN KEY (created_by) REFERENCES app_user (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci
  COMMENT 'What storage holds, is about to hold, or is still to let go of';

CREATE TABLE IF NOT EXISTS attachment (
    id           BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
    workspace_id BIGINT UNSIGNED NOT NULL,
    task_id      BIGINT UNSIGNED NOT NULL,
    name         VARCHAR(255) COLLATE utf8mb4_0900_as_cs NOT NULL,
    version      INT UNSIGNED NOT NULL DEFAULT 1 COMMENT 'the newest, from 1',
    file_id      BIGINT UNSIGNED NOT NULL COMMENT 'the bytes of the newest version',
    created_at   TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
    PRIMARY KEY (id),
    UNIQUE KEY attachment_name (workspace_id, task_id, name) COMMENT 'list_attachments; finish_upload finds what it makes a new version of',
    UNIQUE KEY attachment_file (file_id) COMMENT 'serves its foreign key',
    CONSTRAINT attachment_task_fk FOREIGN KEY (workspace_id, task_id) REFERENCES task (workspace_id, id),
    CONSTRAINT attachment_file_fk FOREIGN KEY (file_id) REFERENCES stored_file (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci
  COMMENT 'A file that hangs on a task, in one or more versions';
