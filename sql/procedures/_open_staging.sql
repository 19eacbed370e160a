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
    DROP TEMPORARY TABLE IF EXISTS staged_task, staged_tag, staged_dependency, staged_order;

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
        unplaced_before  INT UNSIGNED NOT NULL DEFAULT 0 COMMENT 'prerequisites that have no wave yet',
        unpeeled_after   INT UNSIGNED NOT NULL DEFAULT 0 COMMENT 'dependents that have neither wave nor peel',
        wave             INT UNSIGNED NULL COMMENT 'all prerequisites are in earlier waves',
        peel             INT UNSIGNED NULL COMMENT 'leads into no cycle, seen from the far end',
        PRIMARY KEY (line),
        KEY (task_key),
        KEY (wave, unplaced_before),
        KEY (peel, unpeeled_after)
    );

    CREATE TEMPORARY TABLE staged_tag (
        line BIGINT UNSIGNED NOT NULL,
        name VARCHAR(64) CHARACTER SET utf8mb4 NOT NULL,
        PRIMARY KEY (line, name)
    );

    CREATE TEMPORARY TABLE staged_dependency (
        id              BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
        line            BIGINT UNSIGNED NOT NULL COMMENT 'the task that waits',
        depends_on_key  VARCHAR(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_as_cs NULL,
        depends_on_line BIGINT UNSIGNED NULL COMMENT 'what it waits for, if that is staged too',
        depends_on_id   BIGINT UNSIGNED NULL,
        depends_on_open BOOLEAN NULL,
        task_id         BIGINT UNSIGNED NULL,
        from_core       BOOLEAN NOT NULL DEFAULT FALSE,
        is_core         BOOLEAN NOT NULL DEFAULT FALSE COMMENT 'between tasks that no order of waves could place',
        PRIMARY KEY (id),
        KEY (line, depends_on_line),
        KEY (depends_on_line, line),
        KEY (depends_on_key)
    );

    CREATE TEMPORARY TABLE staged_order (
        place   BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
        line    BIGINT UNSIGNED NOT NULL,
        task_id BIGINT UNSIGNED NULL,
        PRIMARY KEY (place),
        KEY (line),
        KEY (task_id)
    );
END
