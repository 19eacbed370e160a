-- The words that rules are written in, and the record of what sql/ has loaded.
-- transactional: false

CREATE TABLE IF NOT EXISTS schema_object (
    kind                ENUM('migration', 'table', 'function', 'procedure', 'view', 'trigger') NOT NULL COMMENT 'what was loaded',
    name                VARCHAR(128) NOT NULL COMMENT 'the object, and its file',
    checksum            CHAR(64) CHARACTER SET ascii NOT NULL COMMENT 'SHA-256 of the file; of a table, empty',
    definition_checksum CHAR(64) CHARACTER SET ascii NULL COMMENT 'SHA-256 of what the server then held',
    applied_at          TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6),
    PRIMARY KEY (kind, name)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci
  COMMENT 'Objects of sql/ as they were last loaded';

CREATE TABLE IF NOT EXISTS error_code (
    errno       SMALLINT UNSIGNED NOT NULL COMMENT 'MYSQL_ERRNO of the refusal; MySQL leaves 50000-51999 to others',
    code        VARCHAR(48) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'the name that SQL refuses by',
    http_status SMALLINT UNSIGNED NOT NULL COMMENT 'what REST answers',
    title       VARCHAR(120) NOT NULL COMMENT 'one sentence for people',
    PRIMARY KEY (errno),
    UNIQUE KEY error_code_code (code) COMMENT 'raise_error finds the number of a name'
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci
  COMMENT 'Every refusal there is';

CREATE TABLE IF NOT EXISTS task_status (
    status      VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    is_open     BOOLEAN NOT NULL COMMENT 'open tasks block what waits for them',
    sort_order  TINYINT UNSIGNED NOT NULL,
    description VARCHAR(200) NOT NULL,
    PRIMARY KEY (status)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci
  COMMENT 'What a task can be';

CREATE TABLE IF NOT EXISTS status_transition (
    from_status VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    to_status   VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    PRIMARY KEY (from_status, to_status),
    KEY status_transition_to (to_status) COMMENT 'serves its foreign key',
    CONSTRAINT status_transition_from_fk FOREIGN KEY (from_status) REFERENCES task_status (status),
    CONSTRAINT status_transition_to_fk FOREIGN KEY (to_status) REFERENCES task_status (status)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci
  COMMENT 'What a task can become';

CREATE TABLE IF NOT EXISTS task_priority (
    priority   VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    sort_order TINYINT UNSIGNED NOT NULL COMMENT 'higher is more urgent',
    PRIMARY KEY (priority)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci
  COMMENT 'How urgent a task can be';

CREATE TABLE IF NOT EXISTS role (
    role        VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    sort_order  TINYINT UNSIGNED NOT NULL,
    description VARCHAR(200) NOT NULL,
    PRIMARY KEY (role)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci
  COMMENT 'What a member of a workspace can be';

CREATE TABLE IF NOT EXISTS role_permission (
    role       VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    permission VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'read, plan, administer, own',
    PRIMARY KEY (role, permission),
    CONSTRAINT role_permission_role_fk FOREIGN KEY (role) REFERENCES role (role)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci
  COMMENT 'What each role may do; read by _authorize and nowhere else';
