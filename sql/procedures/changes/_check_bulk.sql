CREATE PROCEDURE _check_bulk (
    IN p_workspace_id BIGINT UNSIGNED,
    IN p_first        INT UNSIGNED,
    IN p_last         INT UNSIGNED
)
    COMMENT '
Find out what the changes of a run refer to, and which of them are suspect.

A suspect may be right after all; one that is not suspect would not be refused by
itself, though it may close a cycle.

Parameters
  p_workspace_id  the workspace, locked
  p_first         the index of the first change of the run
  p_last          that of its last

Result
  none; staged_edge and bulk_edge hold the dependencies of new and older tasks but those
  of suspects, bulk_suspect the suspects
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_places JSON;

    -- Temporary, as those of _stage_changes: one run of them.
    DROP TEMPORARY TABLE IF EXISTS bulk_wish, bulk_edge, bulk_suspect;
    CREATE TEMPORARY TABLE bulk_wish (
        id           BIGINT UNSIGNED NOT NULL COMMENT 'of the change_wish',
        task_id      BIGINT UNSIGNED NULL,
        is_completed BOOLEAN NULL,
        PRIMARY KEY (id)
    );
    CREATE TEMPORARY TABLE bulk_edge (
        id              BIGINT UNSIGNED NOT NULL COMMENT 'of the change_wish',
        place           INT UNSIGNED NOT NULL,
        task_id         BIGINT UNSIGNED NULL COMMENT 'NULL: there is no such task',
        is_completed    BOOLEAN NULL COMMENT 'the task that waits',
        depends_on_line INT UNSIGNED NULL,
        depends_on_id   BIGINT UNSIGNED NULL,
        depends_on_open BOOLEAN NULL,
        PRIMARY KEY (id)
    );
    CREATE TEMPORARY TABLE bulk_suspect (
        place INT UNSIGNED NOT NULL,
        PRIMARY KEY (place)
    );

    INSERT INTO bulk_suspect (place) SELECT place FROM change_item WHERE place BETWEEN p_first AND p_last AND is_suspect;

    -- Of the tasks that this run creates.
    INSERT INTO staged_edge (id, line, depends_on_line, depends_on_id, depends_on_open)
    SELECT /*+ JOIN_FIXED_ORDER() */ wish.id, wish.waiting_place, IF(wish.depends_on_place >= p_first, wish.depends_on_place, NULL),
           known.id, task_status.is_open
      FROM change_wish AS wish
      LEFT JOIN change_name ON change_name.place = wish.depends_on_place
      LEFT JOIN change_task ON change_task.place = wish.depends_on_place
      LEFT JOIN task AS named ON named.workspace_id = p_workspace_id AND named.task_key = wish.depends_on_key
      LEFT JOIN task AS known
        ON known.workspace_id = p_workspace_id AND known.id = COALESCE(wish.depends_on_id, change_name.task_id, named.id)
      LEFT JOIN task_status ON task_status.status = COALESCE(known.status, IF(wish.depends_on_place >= p_first, change_task.status, NULL))
     WHERE wish.place BETWEEN p_first AND p_last AND wish.waiting_place >= p_first;

    -- Of tasks that are there already: what waits, then what it waits for.
    INSERT INTO bulk_wish (id, task_id, is_completed)
    SELECT /*+ JOIN_FIXED_ORDER() */ wish.id, known.id, known.status = 'completed'
      FROM change_wish AS wish
      LEFT JOIN change_name ON change_name.place = wish.waiting_place
      LEFT JOIN task AS named ON named.workspace_id = p_workspace_id AND named.task_key = wish.task_key
      LEFT JOIN task AS known
        ON known.workspace_id = p_workspace_id AND known.id = COALESCE(wish.task_id, change_name.task_id, named.id)
     WHERE wish.place BETWEEN p_first AND p_last AND (wish.waiting_place IS NULL OR wish.waiting_place < p_first);

    INSERT INTO bulk_edge (id, place, task_id, is_completed, depends_on_line, depends_on_id, depends_on_open)
    SELECT /*+ JOIN_FIXED_ORDER() */ bulk_wish.id, wish.place, bulk_wish.task_id, bulk_wish.is_completed,
           IF(wish.depends_on_place >= p_first, wish.depends_on_place, NULL), known.id, task_status.is_open
      FROM bulk_wish
      JOIN change_wish AS wish ON wish.id = bulk_wish.id
      LEFT JOIN change_name ON change_name.place = wish.depends_on_place
      LEFT JOIN change_task ON change_task.place = wish.depends_on_place
      LEFT JOIN task AS named ON named.workspace_id = p_workspace_id AND named.task_key = wish.depends_on_key
      LEFT JOIN task AS known
        ON known.workspace_id = p_workspace_id AND known.id = COALESCE(wish.depends_on_id, change_name.task_id, named.id)
      LEFT JOIN task_status ON task_status.status = COALESCE(known.status, IF(wish.depends_on_place >= p_first, change_task.status, NULL));

    DROP TEMPORARY TABLE bulk_wish;

    INSERT IGNORE INTO bulk_suspect (place)
    SELECT change_wish.place
      FROM staged_edge
      JOIN change_wish ON change_wish.id = staged_edge.id
     WHERE staged_edge.depends_on_line <=> staged_edge.depends_on_id OR staged_edge.line = staged_edge.depends_on_line;

    INSERT IGNORE INTO bulk_suspect (place)
    SELECT change_wish.place
      FROM change_task
      JOIN staged_edge ON staged_edge.line = change_task.place
      JOIN change_wish ON change_wish.id = staged_edge.id
     WHERE change_task.status = 'completed' AND staged_edge.depends_on_open;

    -- The same again; to name a task twice that a new one waits for is not to ask twice.
    IF EXISTS (SELECT 1 FROM staged_edge GROUP BY line, depends_on_line, depends_on_id HAVING COUNT(*) > 1) THEN
        SELECT JSON_ARRAYAGG(id)
          INTO v_places
          FROM (SELECT staged_edge.id,
                       ROW_NUMBER() OVER (PARTITION BY staged_edge.line, staged_edge.depends_on_line, staged_edge.depends_on_id
                                          ORDER BY change_wish.place, change_wish.id) AS twin
                  FROM staged_edge
                  JOIN change_wish ON change_wish.id = staged_edge.id) AS counted
         WHERE twin > 1;

        INSERT IGNORE INTO bulk_suspect (place)
        SELECT change_wish.place
          FROM JSON_TABLE(v_places, '$[*]' COLUMNS (id BIGINT UNSIGNED PATH '$')) AS twin
          JOIN change_wish ON change_wish.id = twin.id
         WHERE change_wish.place <> change_wish.waiting_place;

        DELETE staged_edge
          FROM JSON_TABLE(v_places, '$[*]' COLUMNS (id BIGINT UNSIGNED PATH '$')) AS twin
          JOIN staged_edge ON staged_edge.id = twin.id;
    END IF;

    INSERT IGNORE INTO bulk_suspect (place)
    SELECT /*+ JOIN_FIXED_ORDER() */ edge.place
      FROM (SELECT bulk_edge.*, ROW_NUMBER() OVER (PARTITION BY task_id, depends_on_line, depends_on_id ORDER BY place) AS twin
              FROM bulk_edge) AS edge
      LEFT JOIN dependency AS known
        ON known.workspace_id = p_workspace_id AND known.task_id = edge.task_id AND known.depends_on_id = edge.depends_on_id
     WHERE edge.task_id IS NULL OR edge.depends_on_line <=> edge.depends_on_id OR edge.task_id = edge.depends_on_id
        OR (edge.is_completed AND edge.depends_on_open) OR edge.twin > 1 OR known.task_id IS NOT NULL;

    INSERT IGNORE INTO bulk_suspect (place)
    SELECT place
      FROM (SELECT change_task.*, COUNT(*) OVER (PARTITION BY task_key) AS namesakes
              FROM change_task
             WHERE place BETWEEN p_first AND p_last) AS created
      LEFT JOIN task AS known ON known.workspace_id = p_workspace_id AND known.task_key = created.task_key
      LEFT JOIN task_status ON task_status.status = created.status
      LEFT JOIN task_priority ON task_priority.priority = created.priority
      LEFT JOIN membership ON membership.workspace_id = p_workspace_id AND membership.user_id = created.assignee_id
      LEFT JOIN team_role ON team_role.workspace_id = p_workspace_id AND team_role.team_id = created.assignee_team_id
     WHERE known.id IS NOT NULL OR (created.task_key IS NOT NULL AND created.namesakes > 1)
        OR task_status.status IS NULL OR task_priority.priority IS NULL
        OR (created.assignee_id IS NOT NULL AND membership.user_id IS NULL)
        OR (created.assignee_team_id IS NOT NULL AND (team_role.team_id IS NULL OR created.assignee_id IS NOT NULL))
        OR TRIM(created.title) = '' OR created.task_key LIKE '#%'
        -- Other ways to write a moment are right, too: then it is judged alone.
        OR (created.due_text IS NOT NULL
            AND (created.due_at IS NULL
                 OR created.due_text NOT REGEXP '^[0-9]{4}-[0-9]{2}-[0-9]{2}([ T][0-9]{2}:[0-9]{2}(:[0-9]{2})?Z?)?$'));

    -- What refers to a suspect task is suspect; so is a task that is to wait for one.
    SELECT JSON_ARRAYAGG(place) INTO v_places FROM bulk_suspect;

    WHILE v_places IS NOT NULL DO
        SELECT JSON_ARRAYAGG(place)
          INTO v_places
          FROM (SELECT DISTINCT wish.place
                  FROM JSON_TABLE(v_places, '$[*]' COLUMNS (place INT UNSIGNED PATH '$')) AS bad
                  JOIN change_wish AS wish ON bad.place IN (wish.waiting_place, wish.depends_on_place)
                  LEFT JOIN bulk_suspect ON bulk_suspect.place = wish.place
                 WHERE wish.place BETWEEN p_first AND p_last AND bulk_suspect.place IS NULL) AS found;

        INSERT INTO bulk_suspect (place)
        SELECT place FROM JSON_TABLE(v_places, '$[*]' COLUMNS (place INT UNSIGNED PATH '$')) AS found;
    END WHILE;

    CALL _leave_out_suspects();
END
