-- Facts: tasks, their tags, and what waits for what.
-- transactional: false

CREATE TABLE IF NOT EXISTS task (
    id               BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
    workspace_id     BIGINT UNSIGNED NOT NULL,
    task_key         VARCHAR(128) COLLATE utf8mb4_0900_as_cs NULL
                     COMMENT 'a name of its own in the workspace, such as OPS-12; never starts with #',
    title            VARCHAR(200) NOT NULL,
    description      TEXT NOT NULL,
    status           VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'pending'
                     COMMENT 'a row of task_status: the triggers see to it, which spares the index of a foreign key',
    priority         VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'medium'
                     COMMENT 'a row of task_priority, likewise',
    assignee_id      BIGINT UNSIGNED NULL,
    estimate_minutes INT UNSIGNED NULL COMMENT 'expected work, in minutes',
    due_at           DATETIME NULL COMMENT 'UTC',
    version          INT UNSIGNED NOT NULL DEFAULT 1 COMMENT 'raised by one with each change of the row',
    created_by       BIGINT UNSIGNED NULL COMMENT 'NULL when a SQL login inserted the row itself',
    created_at       TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
    updated_at       TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
    started_at       TIMESTAMP(6) NULL COMMENT 'when work last began',
    completed_at     TIMESTAMP(6) NULL COMMENT 'when it was completed; NULL unless it is',
    PRIMARY KEY (id),
    UNIQUE KEY task_workspace (workspace_id, id) COMMENT 'tasks of a workspace; target of the dependency foreign keys',
    UNIQUE KEY task_key_in_workspace (workspace_id, task_key) COMMENT 'import finds tasks by key',
    KEY task_created (workspace_id, created_at, id) COMMENT 'list_tasks, newest first: its default order',
    KEY task_by_status (workspace_id, status, created_at, id) COMMENT 'list_tasks by status, newest first',
    KEY task_assignee (assignee_id) COMMENT 'list_tasks by assignee; serves its foreign key',
    KEY task_creator (created_by) COMMENT 'serves its foreign key',
    CONSTRAINT task_workspace_fk FOREIGN KEY (workspace_id) REFERENCES workspace (id),
    CONSTRAINT task_assignee_fk FOREIGN KEY (assignee_id) REFERENCES app_user (id),
    CONSTRAINT task_creator_fk FOREIGN KEY (created_by) REFERENCES app_user (id),
    CONSTRAINT task_title_not_blank CHECK (TRIM(title) <> ''),
    CONSTRAINT task_key_not_a_handle CHECK (task_key NOT LIKE '#%')
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci
  COMMENT 'Work to be done';

CREATE TABLE IF NOT EXISTS tag (
    workspace_id BIGINT UNSIGNED NOT NULL,
    task_id      BIGINT UNSIGNED NOT NULL,
    name         VARCHAR(64) NOT NULL,
    PRIMARY KEY (workspace_id, task_id, name),
    KEY tag_tasks (workspace_id, name, task_id) COMMENT 'list_tasks by tag',
    CONSTRAINT tag_task_fk FOREIGN KEY (workspace_id, task_id) REFERENCES task (workspace_id, id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci
  COMMENT 'One label on one task';

CREATE TABLE IF NOT EXISTS dependency (
    workspace_id  BIGINT UNSIGNED NOT NULL COMMENT 'of both tasks: dependencies never leave a workspace',
    task_id       BIGINT UNSIGNED NOT NULL COMMENT 'the task that waits',
    depends_on_id BIGINT UNSIGNED NOT NULL COMMENT 'the task it waits for',
    created_by    BIGINT UNSIGNED NULL COMMENT 'NULL when a SQL login inserted the row itself',
    created_at    TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
    PRIMARY KEY (workspace_id, task_id, depends_on_id) COMMENT 'upstream traversal',
    KEY dependency_dependents (workspace_id, depends_on_id, task_id) COMMENT 'downstream traversal',
    CONSTRAINT dependency_task_fk FOREIGN KEY (workspace_id, task_id) REFERENCES task (workspace_id, id),
    CONSTRAINT dependency_depends_on_fk FOREIGN KEY (workspace_id, depends_on_id) REFERENCES task (workspace_id, id),
    CONSTRAINT dependency_not_self CHECK (task_id <> depends_on_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci
  COMMENT 'Which task waits for which';
