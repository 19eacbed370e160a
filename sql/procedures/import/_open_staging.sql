CREATE PROCEDURE _open_staging ()
    COMMENT '
Make empty tables for tasks and dependencies that are to be ordered.

Temporary ones: a session stages its rows apart from all others, they leave
nothing behind when it goes, and no log is written for them. Lines stand for
tasks: lines of a file, or ids.

Result
  none
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    CALL _close_staging();

    CREATE TEMPORARY TABLE staged_task (
        line             BIGINT UNSIGNED NOT NULL,
        task_key         VARCHAR(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_as_cs NULL,
        title            VARCHAR(200) CHARACTER SET utf8mb4 NULL,
        description      TEXT CHARACTER SET utf8mb4 NULL,
        status           VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL,
        priority         VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL,
        estimate_minutes INT UNSIGNED NULL,
        due_at           DATETIME NULL,
        assignee         VARCHAR(64) CHARACTER SET utf8mb4 NULL,
        assignee_id      BIGINT UNSIGNED NULL,
        team             VARCHAR(64) CHARACTER SET utf8mb4 NULL,
        assignee_team_id BIGINT UNSIGNED NULL,
        PRIMARY KEY (line),
        KEY (task_key)
    );

    CREATE TEMPORARY TABLE staged_tag (
        line BIGINT UNSIGNED NOT NULL,
        name VARCHAR(64) CHARACTER SET utf8mb4 NOT NULL,
        PRIMARY KEY (line, name)
    );

    -- Dependencies as the file has them, and as lines and ids.
    CREATE TEMPORARY TABLE staged_dependency (
        id             BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
        line           BIGINT UNSIGNED NOT NULL COMMENT 'the task that waits',
        depends_on_key VARCHAR(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_as_cs NOT NULL,
        PRIMARY KEY (id)
    );
    CREATE TEMPORARY TABLE staged_edge (
        id              BIGINT UNSIGNED NOT NULL AUTO_INCREMENT COMMENT 'of the staged_dependency',
        line            BIGINT UNSIGNED NOT NULL COMMENT 'the task that waits',
        depends_on_line BIGINT UNSIGNED NULL COMMENT 'what it waits for, if that is staged too',
        depends_on_id   BIGINT UNSIGNED NULL COMMENT 'what it waits for, if that is in the workspace already',
        depends_on_open BOOLEAN NULL,
        is_core         BOOLEAN NOT NULL DEFAULT FALSE COMMENT 'no order of lines puts it uphill',
        PRIMARY KEY (id),
        KEY (depends_on_line, line)
    );

    -- What _order_staged counts down, and the order that comes of it.
    CREATE TEMPORARY TABLE staged_wait (
        line     BIGINT UNSIGNED NOT NULL,
        unplaced INT UNSIGNED NOT NULL COMMENT 'prerequisites that have no place yet',
        PRIMARY KEY (line)
    );
    CREATE TEMPORARY TABLE staged_order (
        place BIGINT UNSIGNED NOT NULL AUTO_INCREMENT COMMENT 'with gaps',
        line  BIGINT UNSIGNED NOT NULL,
        PRIMARY KEY (place),
        KEY (line)
    );

    -- What _mark_core counts down, among the lines that have no place.
    CREATE TEMPORARY TABLE staged_rest (
        line            BIGINT UNSIGNED NOT NULL,
        depends_on_line BIGINT UNSIGNED NOT NULL,
        KEY (line, depends_on_line)
    );
    CREATE TEMPORARY TABLE staged_peel (
        line     BIGINT UNSIGNED NOT NULL,
        unpeeled INT UNSIGNED NOT NULL COMMENT 'dependents that are not peeled off yet',
        PRIMARY KEY (line)
    );
    CREATE TEMPORARY TABLE staged_core (
        line  BIGINT UNSIGNED NOT NULL,
        label INT UNSIGNED NOT NULL COMMENT 'never below that of a task it waits for, unless both lie on one cycle',
        PRIMARY KEY (line)
    );
    CREATE TEMPORARY TABLE staged_core_edge (
        line            BIGINT UNSIGNED NOT NULL,
        depends_on_line BIGINT UNSIGNED NOT NULL
    );

    -- The ids that the lines got; twice, for a statement may open a temporary table once.
    CREATE TEMPORARY TABLE staged_id (
        task_id BIGINT UNSIGNED NOT NULL,
        line    BIGINT UNSIGNED NOT NULL,
        PRIMARY KEY (task_id),
        UNIQUE KEY (line)
    );
    CREATE TEMPORARY TABLE staged_prerequisite (
        line    BIGINT UNSIGNED NOT NULL,
        task_id BIGINT UNSIGNED NOT NULL,
        PRIMARY KEY (line)
    );
END
