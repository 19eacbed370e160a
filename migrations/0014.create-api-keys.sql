-- Keys for machines: each is a user of its own, who belongs to one workspace.
-- transactional: false

CREATE TABLE IF NOT EXISTS api_key_scope (
    scope      VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'what a key may do',
    role       VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'in which it belongs to the workspace',
    sort_order TINYINT UNSIGNED NOT NULL,
    PRIMARY KEY (scope),
    UNIQUE KEY api_key_scope_role (role) COMMENT 'list_api_keys names the scope of a role; serves its foreign key',
    CONSTRAINT api_key_scope_role_fk FOREIGN KEY (role) REFERENCES role (role)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci
  COMMENT 'A scope is a role: what a key may do is decided where it is decided for people';

CREATE TABLE IF NOT EXISTS api_key (
    id           BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
    workspace_id BIGINT UNSIGNED NOT NULL,
    user_id      BIGINT UNSIGNED NOT NULL COMMENT 'who acts when the key is used',
    name         VARCHAR(120) NOT NULL COMMENT 'what people call it',
    prefix       VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'how the key begins, by which people tell it',
    key_hash     CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'SHA-256 of the whole key',
    created_by   BIGINT UNSIGNED NOT NULL COMMENT 'who made it; without the right to make keys theirs end',
    created_at   TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
    expires_at   TIMESTAMP(6) NULL COMMENT 'NULL: never',
    used_at      TIMESTAMP(6) NULL COMMENT 'last use, within a minute',
    revoked_at   TIMESTAMP(6) NULL COMMENT 'since then it opens nothing',
    PRIMARY KEY (id),
    UNIQUE KEY api_key_hash (key_hash) COMMENT 'use_api_key finds a key',
    UNIQUE KEY api_key_user (user_id) COMMENT 'the guards of membership ask whether a user is a key; serves its foreign key',
    KEY api_key_workspace (workspace_id, created_by) COMMENT 'list_api_keys, and the keys that somebody made; serves a foreign key',
    KEY api_key_created_by (created_by) COMMENT 'serves its foreign key',
    CONSTRAINT api_key_workspace_fk FOREIGN KEY (workspace_id) REFERENCES workspace (id),
    CONSTRAINT api_key_user_fk FOREIGN KEY (user_id) REFERENCES app_user (id),
    CONSTRAINT api_key_created_by_fk FOREIGN KEY (created_by) REFERENCES app_user (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci
  COMMENT 'Keys of machines, without the keys';

CREATE TABLE IF NOT EXISTS api_key_address (
    api_key_id BIGINT UNSIGNED NOT NULL COMMENT 'the key',
    address    VARCHAR(45) NOT NULL COMMENT 'from where it was used',
    created_at TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
    used_at    TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) COMMENT 'last use from there, within a minute',
    PRIMARY KEY (api_key_id, address),
    CONSTRAINT api_key_address_key_fk FOREIGN KEY (api_key_id) REFERENCES api_key (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci
  COMMENT 'From where each key was used: a new address is told in security_event';
