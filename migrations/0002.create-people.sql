-- Who asks: users, the workspaces they share, and the SQL logins bound to them.
-- transactional: false

CREATE TABLE IF NOT EXISTS app_user (
    id            BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
    username      VARCHAR(32) NOT NULL COMMENT 'what people log in with; case does not count',
    email         VARCHAR(254) NOT NULL,
    password_hash VARCHAR(72) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'bcrypt',
    created_at    TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
    PRIMARY KEY (id),
    UNIQUE KEY app_user_username (username) COMMENT 'get_credentials finds a user by name',
    UNIQUE KEY app_user_email (email) COMMENT 'one account per address'
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci
  COMMENT 'People who may own and do tasks';

CREATE TABLE IF NOT EXISTS workspace (
    id               BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
    name             VARCHAR(120) NOT NULL,
    personal_user_id BIGINT UNSIGNED NULL COMMENT 'whose default workspace it is; NULL for shared ones',
    created_at       TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
    PRIMARY KEY (id),
    UNIQUE KEY workspace_personal (personal_user_id) COMMENT 'the default where no workspace is named',
    CONSTRAINT workspace_personal_user_fk FOREIGN KEY (personal_user_id) REFERENCES app_user (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci
  COMMENT 'The tenant, the graph and the lock: whoever changes its tasks locks its row first';

CREATE TABLE IF NOT EXISTS membership (
    workspace_id BIGINT UNSIGNED NOT NULL,
    user_id      BIGINT UNSIGNED NOT NULL,
    role         VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    created_at   TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
    PRIMARY KEY (workspace_id, user_id),
    KEY membership_user (user_id, workspace_id, role) COMMENT 'list_workspaces and the views find the workspaces of a user',
    KEY membership_role (role) COMMENT 'serves its foreign key',
    CONSTRAINT membership_workspace_fk FOREIGN KEY (workspace_id) REFERENCES workspace (id),
    CONSTRAINT membership_user_fk FOREIGN KEY (user_id) REFERENCES app_user (id),
    CONSTRAINT membership_role_fk FOREIGN KEY (role) REFERENCES role (role)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci
  COMMENT 'Who belongs to a workspace, and as what';

CREATE TABLE IF NOT EXISTS sql_account (
    login      VARCHAR(32) COLLATE utf8mb4_bin NOT NULL COMMENT 'the MySQL user name, as in USER()',
    user_id    BIGINT UNSIGNED NULL COMMENT 'the user it is; NULL for the service and the owner, who may speak for any',
    created_at TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
    PRIMARY KEY (login),
    KEY sql_account_user (user_id) COMMENT 'serves its foreign key',
    CONSTRAINT sql_account_user_fk FOREIGN KEY (user_id) REFERENCES app_user (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci
  COMMENT 'Which user a SQL login is; a login without a row may call nothing';
