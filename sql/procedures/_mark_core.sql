CREATE PROCEDURE _mark_core ()
    COMMENT '
Mark the staged dependencies between tasks that lie on or between cycles.

Called by _order_staged when no further task can be placed in a wave.

Result
  none
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_peel  INT UNSIGNED DEFAULT 0;
    DECLARE v_lines JSON;

    UPDATE staged_dependency AS edge
      JOIN staged_task ON staged_task.line = edge.line
       SET edge.from_core = TRUE
     WHERE staged_task.wave IS NULL AND edge.depends_on_line IS NOT NULL AND NOT edge.is_core;

    UPDATE staged_task
      JOIN (SELECT depends_on_line, COUNT(*) AS dependents
              FROM staged_dependency
             WHERE from_core
             GROUP BY depends_on_line) AS counted ON counted.depends_on_line = staged_task.line
       SET staged_task.unpeeled_after = counted.dependents;

    -- What has a wave is out of the question: it counts as peeled.
    UPDATE staged_task SET peel = 0 WHERE wave IS NOT NULL;

    peel: LOOP
        SET v_peel = v_peel + 1;
        UPDATE staged_task SET peel = v_peel WHERE peel IS NULL AND unpeeled_after = 0;
        SELECT JSON_ARRAYAGG(line) INTO v_lines FROM staged_task WHERE peel = v_peel;

        IF v_lines IS NULL THEN
            LEAVE peel;
        END IF;

        UPDATE (SELECT edge.depends_on_line, COUNT(*) AS peeled
                  FROM JSON_TABLE(v_lines, '$[*]' COLUMNS (line BIGINT UNSIGNED PATH '$')) AS peeled_task
                  STRAIGHT_JOIN staged_dependency AS edge ON edge.line = peeled_task.line
                 WHERE edge.from_core
                 GROUP BY edge.depends_on_line) AS counted
               -- From the few to their rows: the server has no statistics of either.
               STRAIGHT_JOIN staged_task ON staged_task.line = counted.depends_on_line
           SET staged_task.unpeeled_after = staged_task.unpeeled_after - counted.peeled;
    END LOOP;

    UPDATE staged_dependency AS edge
      JOIN staged_task ON staged_task.line = edge.line
       SET edge.from_core = staged_task.peel IS NULL
     WHERE edge.from_core;

    UPDATE staged_dependency AS edge
      JOIN staged_task ON staged_task.line = edge.depends_on_line
       SET edge.is_core = TRUE
     WHERE edge.from_core AND staged_task.peel IS NULL;

    UPDATE staged_task
      JOIN (SELECT line, COUNT(*) AS marked
              FROM staged_dependency
             WHERE from_core AND is_core
             GROUP BY line) AS counted ON counted.line = staged_task.line
       SET staged_task.unplaced_before = staged_task.unplaced_before - counted.marked;
END
