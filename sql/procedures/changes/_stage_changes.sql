CREATE PROCEDURE _stage_changes (
    IN p_changes JSON
)
    COMMENT '
Lay out the changes of a batch in tables, each under its index.

Temporary ones: a session lays out its changes apart from all others, they leave
nothing behind when it goes, and no log is written for them.

Parameters
  p_changes  an array as for apply_changes

Result
  none
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_schemas JSON DEFAULT _change_schemas();
    DECLARE v_chunks  JSON;

    CALL _drop_changes();

    CREATE TEMPORARY TABLE change_item (
        place      INT UNSIGNED NOT NULL COMMENT 'its index in the array',
        op         VARCHAR(32) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
        body       JSON NOT NULL,
        is_suspect BOOLEAN NOT NULL DEFAULT FALSE COMMENT 'its form is not known to be right',
        PRIMARY KEY (place)
    );

    -- What changes call a new task: its key, or # and the index of the change. Twice, for
    -- a statement may open a temporary table once.
    CREATE TEMPORARY TABLE change_name (
        place        INT UNSIGNED NOT NULL COMMENT 'the change that creates it',
        name         VARCHAR(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_as_cs NOT NULL,
        task_id      BIGINT UNSIGNED NULL COMMENT 'once it is created',
        PRIMARY KEY (place),
        UNIQUE KEY (name)
    );
    CREATE TEMPORARY TABLE change_prerequisite (
        name  VARCHAR(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_as_cs NOT NULL,
        place INT UNSIGNED NOT NULL,
        PRIMARY KEY (name)
    );

    -- New tasks and the dependencies of create and add_dependency, for _apply_in_bulk.
    CREATE TEMPORARY TABLE change_task (
        place            INT UNSIGNED NOT NULL,
        task_key         VARCHAR(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_as_cs NULL,
        title            VARCHAR(200) CHARACTER SET utf8mb4 NOT NULL,
        description      TEXT CHARACTER SET utf8mb4 NOT NULL,
        status           VARCHAR(16) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
        priority         VARCHAR(16) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
        assignee_id      BIGINT UNSIGNED NULL,
        assignee_team_id BIGINT UNSIGNED NULL,
        estimate_minutes INT UNSIGNED NULL,
        due_at           DATETIME NULL,
        due_text         VARCHAR(32) CHARACTER SET utf8mb4 NULL COMMENT 'as it was given',
        PRIMARY KEY (place),
        KEY (task_key)
    );
    CREATE TEMPORARY TABLE change_tag (
        place INT UNSIGNED NOT NULL,
        name  VARCHAR(64) CHARACTER SET utf8mb4 NOT NULL,
        PRIMARY KEY (place, name)
    );
    CREATE TEMPORARY TABLE change_wish (
        id               BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
        place            INT UNSIGNED NOT NULL,
        waiting_place    INT UNSIGNED NULL COMMENT 'the earlier change that creates the task that waits',
        task_id          BIGINT UNSIGNED NULL COMMENT 'or its id',
        task_key         VARCHAR(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_as_cs NULL COMMENT 'or its key in the workspace',
        depends_on_place INT UNSIGNED NULL COMMENT 'the same of what it is to wait for',
        depends_on_id    BIGINT UNSIGNED NULL,
        depends_on_key   VARCHAR(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_as_cs NULL,
        PRIMARY KEY (id),
        KEY (place)
    );

    -- Dependencies that came of changes: which change closed which side of a cycle.
    CREATE TEMPORARY TABLE change_edge (
        task_id       BIGINT UNSIGNED NOT NULL,
        depends_on_id BIGINT UNSIGNED NOT NULL,
        place         INT UNSIGNED NOT NULL,
        KEY (task_id, depends_on_id)
    );

    -- What is to be told.
    CREATE TEMPORARY TABLE change_error (
        place  INT UNSIGNED NOT NULL,
        code   VARCHAR(48) CHARACTER SET ascii NULL COMMENT 'NULL: it needs a task whose change was refused',
        detail VARCHAR(512) CHARACTER SET utf8mb4 NULL,
        facts  JSON NULL,
        PRIMARY KEY (place)
    );
    CREATE TEMPORARY TABLE change_reopened (
        task_id BIGINT UNSIGNED NOT NULL,
        place   INT UNSIGNED NOT NULL COMMENT 'the change whose cascade reopened it',
        PRIMARY KEY (task_id)
    );

    -- A change that is null comes out of JSON_TABLE as no value at all.
    INSERT INTO change_item (place, op, body)
    SELECT place - 1, COALESCE(op, ''), COALESCE(body, CAST('null' AS JSON))
      FROM JSON_TABLE(p_changes, '$[*]' COLUMNS (
               place FOR ORDINALITY,
               op    VARCHAR(32) PATH '$.op',
               body  JSON        PATH '$')) AS given;

    -- A schema is read anew for each document, which takes longer than to check it; so a
    -- hundred changes are checked at once, and one by one only where that fails.
    SELECT JSON_ARRAYAGG(JSON_ARRAY(op, chunk))
      INTO v_chunks
      FROM (SELECT op, place DIV 100 AS chunk
              FROM change_item
             GROUP BY op, place DIV 100
            HAVING JSON_EXTRACT(v_schemas, CONCAT('$.', JSON_QUOTE(op))) IS NULL
                OR NOT JSON_SCHEMA_VALID(JSON_OBJECT('items', JSON_EXTRACT(v_schemas, CONCAT('$.', JSON_QUOTE(op)))),
                                         JSON_ARRAYAGG(body))) AS broken;

    UPDATE JSON_TABLE(v_chunks, '$[*]' COLUMNS (
               op    VARCHAR(32)  PATH '$[0]',
               chunk INT UNSIGNED PATH '$[1]')) AS broken
      JOIN change_item
        ON change_item.place BETWEEN broken.chunk * 100 AND broken.chunk * 100 + 99
           AND change_item.op = broken.op COLLATE utf8mb4_bin
       SET change_item.is_suspect = TRUE
     WHERE NOT COALESCE(JSON_SCHEMA_VALID(JSON_EXTRACT(v_schemas, CONCAT('$.', JSON_QUOTE(broken.op))), change_item.body), FALSE);

    -- A name that is given twice is that of the first; _check_change refuses the other.
    INSERT IGNORE INTO change_name (place, name)
    SELECT place, IF(JSON_TYPE(body -> '$.key') = 'STRING', LEFT(body ->> '$.key', 128), CONCAT('#', place))
      FROM change_item
     WHERE op = 'create'
     ORDER BY place;
    INSERT INTO change_prerequisite (name, place) SELECT name, place FROM change_name;

    UPDATE change_item
      LEFT JOIN change_name USING (place)
       SET change_item.is_suspect = TRUE
     WHERE change_item.op = 'create' AND (change_name.name IS NULL OR change_item.body ->> '$.key' LIKE '#%');

    INSERT INTO change_task (place, task_key, title, description, status, priority, assignee_id, assignee_team_id, estimate_minutes,
                             due_at, due_text)
    SELECT /*+ JOIN_FIXED_ORDER() */ change_item.place, given.task_key, given.title, COALESCE(given.description, ''),
           COALESCE(given.status, 'pending'), COALESCE(given.priority, 'medium'), given.assignee_id, given.assignee_team_id,
           given.estimate_minutes, given.due_at, given.due_text
      FROM JSON_TABLE(p_changes, '$[*]' COLUMNS (
               place            FOR ORDINALITY,
               op               VARCHAR(32)     PATH '$.op',
               task_key         VARCHAR(128)    PATH '$.task_key',
               title            VARCHAR(200)    PATH '$.title',
               description      TEXT            PATH '$.description',
               status           VARCHAR(16)     PATH '$.status',
               priority         VARCHAR(16)     PATH '$.priority',
               assignee_id      BIGINT UNSIGNED PATH '$.assignee_id',
               assignee_team_id BIGINT UNSIGNED PATH '$.assignee_team_id',
               estimate_minutes INT UNSIGNED    PATH '$.estimate_minutes',
               due_at           DATETIME        PATH '$.due_at',
               due_text         VARCHAR(32)     PATH '$.due_at')) AS given
      JOIN change_item ON change_item.place = given.place - 1
     WHERE given.op = 'create' AND NOT change_item.is_suspect;

    INSERT IGNORE INTO change_tag (place, name)
    SELECT given.place - 1, given.name
      FROM JSON_TABLE(p_changes, '$[*]' COLUMNS (
               place FOR ORDINALITY,
               op    VARCHAR(32) PATH '$.op',
               NESTED PATH '$.tags[*]' COLUMNS (name VARCHAR(64) PATH '$'))) AS given
     WHERE given.op = 'create' AND given.name IS NOT NULL;

    INSERT INTO change_wish (place, waiting_place, task_id, task_key, depends_on_place, depends_on_id, depends_on_key)
    SELECT /*+ JOIN_FIXED_ORDER() */ given.place - 1,
           waiting.place, IF(given.kind = 'INTEGER', given.task_id, NULL), IF(waiting.place IS NULL, given.task, NULL),
           prerequisite.place, IF(given.depends_on_kind = 'INTEGER', given.depends_on_id, NULL),
           IF(prerequisite.place IS NULL, given.depends_on, NULL)
      FROM (SELECT listed.place, listed.task_id, listed.depends_on_id,
                   JSON_TYPE(task_json) AS kind, JSON_TYPE(depends_on_json) AS depends_on_kind,
                   IF(JSON_TYPE(task_json) = 'STRING', task, NULL) COLLATE utf8mb4_0900_as_cs AS task,
                   IF(JSON_TYPE(depends_on_json) = 'STRING', depends_on, NULL) COLLATE utf8mb4_0900_as_cs AS depends_on
              FROM JSON_TABLE(p_changes, '$[*]' COLUMNS (
                       place           FOR ORDINALITY,
                       op              VARCHAR(32)     PATH '$.op',
                       task            VARCHAR(128)    PATH '$.task',
                       task_id         BIGINT UNSIGNED PATH '$.task',
                       task_json       JSON            PATH '$.task',
                       depends_on      VARCHAR(128)    PATH '$.depends_on',
                       depends_on_id   BIGINT UNSIGNED PATH '$.depends_on',
                       depends_on_json JSON            PATH '$.depends_on')) AS listed
             WHERE listed.op = 'add_dependency') AS given
      LEFT JOIN change_name AS waiting ON waiting.name = given.task AND waiting.place < given.place - 1
      LEFT JOIN change_prerequisite AS prerequisite
        ON prerequisite.name = given.depends_on AND prerequisite.place < given.place - 1;

    INSERT INTO change_wish (place, waiting_place, depends_on_place, depends_on_id, depends_on_key)
    SELECT /*+ JOIN_FIXED_ORDER() */ given.place - 1, given.place - 1,
           prerequisite.place, IF(given.kind = 'INTEGER', given.depends_on_id, NULL),
           IF(prerequisite.place IS NULL, given.depends_on, NULL)
      FROM (SELECT listed.place, listed.depends_on_id, JSON_TYPE(depends_on_json) AS kind,
                   IF(JSON_TYPE(depends_on_json) = 'STRING', depends_on, NULL) COLLATE utf8mb4_0900_as_cs AS depends_on
              FROM JSON_TABLE(p_changes, '$[*]' COLUMNS (
                       place FOR ORDINALITY,
                       op    VARCHAR(32) PATH '$.op',
                       NESTED PATH '$.depends_on[*]' COLUMNS (
                           depends_on      VARCHAR(128)    PATH '$',
                           depends_on_id   BIGINT UNSIGNED PATH '$',
                           depends_on_json JSON            PATH '$'))) AS listed
             WHERE listed.op = 'create' AND listed.depends_on_json IS NOT NULL) AS given
      LEFT JOIN change_prerequisite AS prerequisite
        ON prerequisite.name = given.depends_on AND prerequisite.place < given.place - 1;
END
