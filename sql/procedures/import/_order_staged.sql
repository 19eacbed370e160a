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
  none; staged_order holds the order, staged_edge.is_core the marks

Source
  A. B. Kahn, "Topological sorting of large networks", CACM 5 (1962)
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_is_marked BOOLEAN DEFAULT FALSE;
    DECLARE v_lines     JSON;

    -- A task that waits for itself is a core of its own.
    UPDATE staged_edge SET is_core = TRUE WHERE line = depends_on_line;

    IF NOT EXISTS (SELECT 1 FROM staged_edge WHERE depends_on_line > line) THEN
        INSERT INTO staged_order (line) SELECT line FROM staged_task ORDER BY line;
    ELSE
        INSERT INTO staged_wait (line, unplaced)
        SELECT line, COUNT(*)
          FROM staged_edge
         WHERE depends_on_line IS NOT NULL AND NOT is_core
         GROUP BY line;

        SELECT JSON_ARRAYAGG(staged_task.line)
          INTO v_lines
          FROM staged_task
          LEFT JOIN staged_wait USING (line)
         WHERE staged_wait.line IS NULL;

        place: LOOP
            IF v_lines IS NULL AND v_is_marked THEN
                LEAVE place;
            END IF;

            IF v_lines IS NULL THEN
                CALL _mark_core();
                SET v_is_marked = TRUE;

                SELECT JSON_ARRAYAGG(staged_wait.line)
                  INTO v_lines
                  FROM staged_wait
                  LEFT JOIN staged_order USING (line)
                 WHERE staged_wait.unplaced = 0 AND staged_order.line IS NULL;
                ITERATE place;
            END IF;

            INSERT INTO staged_order (line)
            SELECT placed.line
              FROM JSON_TABLE(v_lines, '$[*]' COLUMNS (line BIGINT UNSIGNED PATH '$')) AS placed
              LEFT JOIN staged_core ON staged_core.line = placed.line
             ORDER BY staged_core.label, placed.line;

            -- From the few to their rows: the server has no statistics of either.
            UPDATE (SELECT edge.line, COUNT(*) AS placed
                      FROM JSON_TABLE(v_lines, '$[*]' COLUMNS (line BIGINT UNSIGNED PATH '$')) AS placed
                      STRAIGHT_JOIN staged_edge AS edge ON edge.depends_on_line = placed.line
                     WHERE NOT edge.is_core
                     GROUP BY edge.line) AS counted
                   STRAIGHT_JOIN staged_wait ON staged_wait.line = counted.line
               SET staged_wait.unplaced = staged_wait.unplaced - counted.placed;

            SELECT JSON_ARRAYAGG(line)
              INTO v_lines
              FROM (SELECT DISTINCT edge.line
                      FROM JSON_TABLE(v_lines, '$[*]' COLUMNS (line BIGINT UNSIGNED PATH '$')) AS placed
                      STRAIGHT_JOIN staged_edge AS edge ON edge.depends_on_line = placed.line
                      STRAIGHT_JOIN staged_wait ON staged_wait.line = edge.line
                     WHERE NOT edge.is_core AND staged_wait.unplaced = 0) AS next_wave;
        END LOOP;
    END IF;
END
