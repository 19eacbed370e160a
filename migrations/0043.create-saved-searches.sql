-- Searches that people keep by a name.
-- transactional: false

CREATE TABLE IF NOT EXISTS saved_search (
    id           BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
    workspace_id BIGINT UNSIGNED NOT NULL,
    owner_id     BIGINT UNSIGNED NOT NULL COMMENT 'whose it is',
    name         VARCHAR(64) NOT NULL,
    is_shared    BOOLEAN NOT NULL DEFAULT FALSE COMMENT 'whether all of the workspace have it, or the owner alone',
    query        TEXT NULL COMMENT 'as people type it',
    filter       JSON NULL COMMENT 'as programs send it; where both are there, both must hold',
    created_at   TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
    updated_at   TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6),
    PRIMARY KEY (id),
    UNIQUE KEY saved_search_name (workspace_id, owner_id, name) COMMENT 'list_saved_searches; search: by name',
    KEY saved_search_owner (owner_id) COMMENT 'serves its foreign key',
    CONSTRAINT saved_search_workspace_fk FOREIGN KEY (workspace_id) REFERENCES workspace (id),
    CONSTRAINT saved_search_owner_fk FOREIGN KEY (owner_id) REFERENCES app_user (id),
    CONSTRAINT saved_search_name_is_no_number CHECK (name REGEXP '[^0-9]')
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci
  COMMENT 'What tasks somebody looks for again';
