-- Which open tasks are due when, and what was told of that.
-- transactional: false

-- No foreign keys: it follows the log and takes no lock of a task. Kept by dispatch_changes, so that no change of a task waits for it.
CREATE TABLE IF NOT EXISTS reminder (
    task_id BIGINT UNSIGNED NOT NULL,
    due_at  DATETIME NOT NULL COMMENT 'UTC; when the task is due',
    told    ENUM('nothing', 'due_soon', 'overdue') CHARACTER SET ascii NOT NULL DEFAULT 'nothing'
            COMMENT 'for this date, to whoever was concerned',
    PRIMARY KEY (task_id),
    KEY reminder_next (told, due_at) COMMENT 'send_reminders: what is to be told now'
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci
  COMMENT 'Open tasks that are due some time, as dispatch_changes last saw them';
