-- What triggers derive from the facts: the order of the graph, and its history.
-- transactional: false

CREATE TABLE IF NOT EXISTS node (
    task_id       BIGINT UNSIGNED NOT NULL,
    workspace_id  BIGINT UNSIGNED NOT NULL,
    topo_rank     BIGINT NOT NULL COMMENT 'higher than that of every task it waits for',
    waiting_for   INT UNSIGNED NOT NULL DEFAULT 0 COMMENT 'number of open tasks it directly waits for',
    is_open       BOOLEAN NOT NULL,
    priority_rank TINYINT UNSIGNED NOT NULL COMMENT 'task_priority.sort_order of its priority',
    readiness     ENUM('ready', 'blocked', 'closed') CHARACTER SET ascii
                  AS (CASE WHEN NOT is_open THEN 'closed' WHEN waiting_for = 0 THEN 'ready' ELSE 'blocked' END) STORED NOT NULL
                  COMMENT 'the one definition of ready and blocked',
    PRIMARY KEY (task_id),
    KEY node_order (workspace_id, topo_rank) COMMENT '_make_room and export_tasks walk a workspace in order',
    KEY node_readiness (workspace_id, readiness, priority_rank DESC, task_id)
        COMMENT 'list_ready_tasks and list_blocked_tasks, most urgent first'
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci
  COMMENT 'Each task in the order of the graph; kept by triggers, never by hand';

CREATE TABLE IF NOT EXISTS change_log (
    workspace_id  BIGINT UNSIGNED NOT NULL,
    revision      BIGINT UNSIGNED NOT NULL COMMENT 'without gaps, in the order of commits; the newest is the revision of the workspace',
    changed_at    TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
    actor_id      BIGINT UNSIGNED NULL COMMENT 'the user; NULL for a change by raw SQL',
    login         VARCHAR(32) COLLATE utf8mb4_bin NOT NULL
                  DEFAULT (LEFT(USER(), CHAR_LENGTH(USER()) - CHAR_LENGTH(SUBSTRING_INDEX(USER(), '@', -1)) - 1))
                  COMMENT 'the MySQL user name of the session',
    entity        ENUM('workspace', 'membership', 'task', 'tag', 'dependency') NOT NULL,
    action        ENUM('insert', 'update', 'delete') NOT NULL,
    task_id       BIGINT UNSIGNED NULL COMMENT 'of task, tag and dependency rows',
    depends_on_id BIGINT UNSIGNED NULL COMMENT 'of dependency rows',
    old_row       JSON NULL COMMENT 'the columns before; NULL where task_id and depends_on_id say it all',
    new_row       JSON NULL COMMENT 'the columns after',
    PRIMARY KEY (workspace_id, revision),
    CONSTRAINT change_log_workspace_fk FOREIGN KEY (workspace_id) REFERENCES workspace (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci
  COMMENT 'One row per change of a fact, written by the triggers of the fact';
