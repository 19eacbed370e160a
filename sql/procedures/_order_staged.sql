CREATE PROCEDURE _order_staged ()
    COMMENT '
Order the staged tasks so that each comes after all that it waits for.

In waves: each holds the tasks that wait only for earlier ones. What no wave
can hold lies on a cycle or behind one. Of those, tasks that lead into no cycle
are peeled off from the far end; between the rest (the core) dependencies are
marked, left out, and the waves go on. The order then satisfies all unmarked
dependencies; with no cycle there are no marked ones. A file that is in order
already, as every export is, needs no waves.

Result
  none; staged_order holds the order, staged_dependency.is_core the marks

Source
  A. B. Kahn, "Topological sorting of large networks", CACM 5 (1962)
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_round TINYINT UNSIGNED DEFAULT 0;
    DECLARE v_wave  INT UNSIGNED DEFAULT 0;
    DECLARE v_lines JSON;

    -- A task that waits for itself is a core of its own.
    UPDATE staged_dependency SET is_core = TRUE WHERE line = depends_on_line;

    IF NOT EXISTS (SELECT 1 FROM staged_dependency WHERE depends_on_line > line) THEN
        INSERT INTO staged_order (line) SELECT line FROM staged_task ORDER BY line;
    ELSE
        UPDATE staged_task
          JOIN (SELECT line, COUNT(*) AS prerequisites
                  FROM staged_dependency
                 WHERE depends_on_line IS NOT NULL AND NOT is_core
                 GROUP BY line) AS counted ON counted.line = staged_task.line
           SET staged_task.unplaced_before = counted.prerequisites;

        place: LOOP
            SET v_wave = v_wave + 1;
            UPDATE staged_task SET wave = v_wave WHERE wave IS NULL AND unplaced_before = 0;
            SELECT JSON_ARRAYAGG(line) INTO v_lines FROM staged_task WHERE wave = v_wave;

            IF v_lines IS NOT NULL THEN
                UPDATE (SELECT edge.line, COUNT(*) AS placed
                          FROM JSON_TABLE(v_lines, '$[*]' COLUMNS (line BIGINT UNSIGNED PATH '$')) AS placed_task
                          STRAIGHT_JOIN staged_dependency AS edge ON edge.depends_on_line = placed_task.line
                         WHERE NOT edge.is_core
                         GROUP BY edge.line) AS counted
                       -- From the few to their rows: the server has no statistics of either.
                       STRAIGHT_JOIN staged_task ON staged_task.line = counted.line
                   SET staged_task.unplaced_before = staged_task.unplaced_before - counted.placed;
                ITERATE place;
            END IF;

            IF v_round = 1 OR NOT EXISTS (SELECT 1 FROM staged_task WHERE wave IS NULL) THEN
                LEAVE place;
            END IF;

            CALL _mark_core();
            SET v_round = 1;
        END LOOP;

        INSERT INTO staged_order (line) SELECT line FROM staged_task ORDER BY wave, line;
    END IF;
END
