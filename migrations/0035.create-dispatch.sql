-- What waits to be told, and how far the log of each workspace has been told.
-- transactional: false

-- No foreign keys: what is written here takes no lock but its own, and a task that is gone by then is not told.
CREATE TABLE IF NOT EXISTS unblocking (
    workspace_id BIGINT UNSIGNED NOT NULL,
    revision     BIGINT UNSIGNED NOT NULL COMMENT 'the change that freed it',
    task_id      BIGINT UNSIGNED NOT NULL COMMENT 'an open task that waits for nothing open any more',
    PRIMARY KEY (workspace_id, revision, task_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci
  COMMENT 'Tasks that turned from blocked to ready, from the change that freed them until dispatch_changes has seen it';

CREATE TABLE IF NOT EXISTS dispatch (
    workspace_id BIGINT UNSIGNED NOT NULL,
    revision     BIGINT UNSIGNED NOT NULL DEFAULT 0 COMMENT 'the newest change of which everything is told that is to be told',
    PRIMARY KEY (workspace_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci
  COMMENT 'A cursor in the log of each workspace, moved by dispatch_changes; a workspace without one begins at 0';
