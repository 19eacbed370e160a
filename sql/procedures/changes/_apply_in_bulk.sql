CREATE PROCEDURE _apply_in_bulk (
    IN p_workspace_id BIGINT UNSIGNED,
    IN p_actor_id     BIGINT UNSIGNED,
    IN p_first        INT UNSIGNED,
    IN p_last         INT UNSIGNED
)
    COMMENT '
Apply a run of creations and new dependencies all at once, with the same outcome as
one by one.

Tasks and dependencies only come, and what is right about one stays right when
others come before it; so those that nothing speaks against go in together, as an
import does it, in any order. The others (suspects) are judged one by one after
them, in their order. To a dependency order does matter if it may lie on a cycle
with a suspect: then it is taken out again and becomes one.

Parameters
  p_workspace_id  the workspace, locked
  p_actor_id      the user who asks
  p_first         the index of the first change of the run
  p_last          that of its last

Result
  none; change_error holds the refusals
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_place         INT UNSIGNED;
    DECLARE v_task_id       BIGINT UNSIGNED;
    DECLARE v_depends_on_id BIGINT UNSIGNED;
    DECLARE v_uphill        JSON;
    DECLARE v_is_done       BOOLEAN DEFAULT FALSE;

    -- A cursor, because each of these needs its place in the order of the graph.
    DECLARE rest CURSOR FOR
    SELECT /*+ JOIN_FIXED_ORDER() */ change_edge.place, change_edge.task_id, change_edge.depends_on_id
      FROM change_edge
      LEFT JOIN dependency AS known
        ON known.workspace_id = p_workspace_id AND known.task_id = change_edge.task_id
           AND known.depends_on_id = change_edge.depends_on_id
     WHERE change_edge.place BETWEEN p_first AND p_last AND known.task_id IS NULL
     ORDER BY change_edge.place;
    DECLARE CONTINUE HANDLER FOR NOT FOUND SET v_is_done = TRUE;

    CALL _open_staging();
    CALL _check_bulk(p_workspace_id, p_first, p_last);

    INSERT INTO staged_task (line, task_key, title, description, status, priority, assignee_id, assignee_team_id, estimate_minutes, due_at)
    SELECT change_task.place, change_task.task_key, change_task.title, change_task.description, change_task.status,
           change_task.priority, change_task.assignee_id, change_task.assignee_team_id, change_task.estimate_minutes,
           change_task.due_at
      FROM change_task
      LEFT JOIN bulk_suspect ON bulk_suspect.place = change_task.place
     WHERE change_task.place BETWEEN p_first AND p_last AND bulk_suspect.place IS NULL;

    INSERT INTO staged_tag (line, name)
    SELECT staged_task.line, change_tag.name
      FROM staged_task
      JOIN change_tag ON change_tag.place = staged_task.line;

    CALL _order_staged();

    IF EXISTS (SELECT 1 FROM staged_edge WHERE is_core) THEN
        -- On or between cycles. What a create waits for was there before it and closes none.
        INSERT IGNORE INTO bulk_suspect (place)
        SELECT change_wish.place
          FROM staged_edge
          JOIN change_wish ON change_wish.id = staged_edge.id
         WHERE staged_edge.is_core AND change_wish.place <> change_wish.waiting_place;

        CALL _leave_out_suspects();
    END IF;

    CALL _insert_staged(p_workspace_id, p_actor_id);

    UPDATE staged_id
      JOIN change_name ON change_name.place = staged_id.line
       SET change_name.task_id = staged_id.task_id;

    -- Only needed if something is left to do, or a later change may close a cycle.
    IF EXISTS (SELECT 1 FROM bulk_suspect) OR EXISTS (SELECT 1 FROM bulk_edge) OR EXISTS (SELECT 1 FROM staged_edge WHERE is_core)
       OR EXISTS (SELECT 1 FROM change_item WHERE place > p_last) THEN
        INSERT INTO change_edge (task_id, depends_on_id, place)
        SELECT staged_id.task_id, COALESCE(staged_edge.depends_on_id, staged_prerequisite.task_id), change_wish.place
          FROM staged_edge
          JOIN change_wish ON change_wish.id = staged_edge.id
          JOIN staged_id ON staged_id.line = staged_edge.line
          LEFT JOIN staged_prerequisite ON staged_prerequisite.line = staged_edge.depends_on_line;

        INSERT INTO change_edge (task_id, depends_on_id, place)
        SELECT bulk_edge.task_id, COALESCE(bulk_edge.depends_on_id, staged_prerequisite.task_id), bulk_edge.place
          FROM bulk_edge
          LEFT JOIN staged_prerequisite ON staged_prerequisite.line = bulk_edge.depends_on_line;
    END IF;

    -- Those of older tasks: together, as far as they go uphill already. The ranks are
    -- looked up before, since the triggers of the insert write them.
    SELECT /*+ JOIN_FIXED_ORDER() */ JSON_ARRAYAGG(JSON_ARRAY(bulk_edge.task_id, bulk_edge.depends_on_id))
      INTO v_uphill
      FROM bulk_edge
      JOIN node AS waiting ON waiting.task_id = bulk_edge.task_id
      JOIN node AS prerequisite ON prerequisite.task_id = bulk_edge.depends_on_id
     WHERE prerequisite.topo_rank < waiting.topo_rank;

    INSERT INTO dependency (workspace_id, task_id, depends_on_id, created_by)
    SELECT p_workspace_id, uphill.task_id, uphill.depends_on_id, p_actor_id
      FROM JSON_TABLE(v_uphill, '$[*]' COLUMNS (
               task_id       BIGINT UNSIGNED PATH '$[0]',
               depends_on_id BIGINT UNSIGNED PATH '$[1]')) AS uphill;

    OPEN rest;

    attempt: LOOP
        FETCH rest INTO v_place, v_task_id, v_depends_on_id;

        IF v_is_done THEN
            LEAVE attempt;
        END IF;

        BEGIN
            -- 50042 is dependency_cycle, refused before anything is written.
            DECLARE CONTINUE HANDLER FOR 50042 INSERT IGNORE INTO bulk_suspect (place) VALUES (v_place);

            CALL _insert_dependency(p_workspace_id, v_task_id, v_depends_on_id, p_actor_id);
        END;
    END LOOP;

    CLOSE rest;

    IF EXISTS (SELECT 1 FROM bulk_suspect) THEN
        CALL _take_out_cycles(p_workspace_id, p_first, p_last);

        judge: LOOP
            SELECT MIN(place) INTO v_place FROM bulk_suspect;

            IF v_place IS NULL THEN
                LEAVE judge;
            END IF;

            CALL _judge_change(p_workspace_id, p_actor_id, v_place);
            DELETE FROM bulk_suspect WHERE place = v_place;
        END LOOP;
    END IF;

    DROP TEMPORARY TABLE bulk_edge, bulk_suspect;
    CALL _close_staging();
END
