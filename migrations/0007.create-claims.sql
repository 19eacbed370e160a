-- Who works on what until when. A claim is no fact, so it is neither logged nor exported: the start of its task is.
-- transactional: false

CREATE TABLE IF NOT EXISTS claim (
    task_id            BIGINT UNSIGNED NOT NULL,
    workspace_id       BIGINT UNSIGNED NOT NULL,
    user_id            BIGINT UNSIGNED NOT NULL COMMENT 'who holds it, to whom the task is assigned as long',
    fence              BIGINT UNSIGNED NOT NULL COMMENT 'the revision of the workspace by which the task was started',
    assignee_before_id BIGINT UNSIGNED NULL COMMENT 'to whom the task is assigned again when it is put back, if still a member',
    claimed_at         TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) COMMENT 'when it was taken',
    lease_expires_at   TIMESTAMP(6) NOT NULL COMMENT 'from when on others may put the task back',
    PRIMARY KEY (task_id) COMMENT 'one claim a task',
    KEY claim_expiry (workspace_id, lease_expires_at, task_id) COMMENT 'list_claims, and what has expired',
    KEY claim_user (user_id) COMMENT 'serves its foreign key',
    CONSTRAINT claim_task_fk FOREIGN KEY (task_id) REFERENCES task (id),
    CONSTRAINT claim_workspace_fk FOREIGN KEY (workspace_id) REFERENCES workspace (id),
    CONSTRAINT claim_user_fk FOREIGN KEY (user_id) REFERENCES app_user (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci
  COMMENT 'Leases on tasks in progress; kept by procedures, and ended by the triggers of task';
