CREATE PROCEDURE _mark_core ()
    COMMENT '
Mark the staged dependencies between tasks that lie on or between cycles.

Called by _order_staged when no further task can be placed in a wave. The tasks
get labels, by which to place them.

Result
  none
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_lines JSON;

    INSERT INTO staged_rest (line, depends_on_line)
    SELECT edge.line, edge.depends_on_line
      FROM staged_wait
      JOIN staged_edge AS edge ON edge.line = staged_wait.line
      LEFT JOIN staged_order ON staged_order.line = edge.depends_on_line
     WHERE staged_wait.unplaced > 0 AND edge.depends_on_line IS NOT NULL AND NOT edge.is_core
       AND staged_order.line IS NULL;

    INSERT INTO staged_peel (line, unpeeled)
    SELECT depends_on_line, COUNT(*) FROM staged_rest GROUP BY depends_on_line;

    -- Nothing that is left waits for these: they lead into no cycle.
    SELECT JSON_ARRAYAGG(staged_wait.line)
      INTO v_lines
      FROM staged_wait
      LEFT JOIN staged_peel USING (line)
     WHERE staged_wait.unplaced > 0 AND staged_peel.line IS NULL;

    WHILE v_lines IS NOT NULL DO
        UPDATE (SELECT edge.depends_on_line, COUNT(*) AS peeled
                  FROM JSON_TABLE(v_lines, '$[*]' COLUMNS (line BIGINT UNSIGNED PATH '$')) AS peeled
                  STRAIGHT_JOIN staged_rest AS edge ON edge.line = peeled.line
                 GROUP BY edge.depends_on_line) AS counted
               STRAIGHT_JOIN staged_peel ON staged_peel.line = counted.depends_on_line
           SET staged_peel.unpeeled = staged_peel.unpeeled - counted.peeled;

        SELECT JSON_ARRAYAGG(line)
          INTO v_lines
          FROM (SELECT DISTINCT staged_peel.line
                  FROM JSON_TABLE(v_lines, '$[*]' COLUMNS (line BIGINT UNSIGNED PATH '$')) AS peeled
                  STRAIGHT_JOIN staged_rest AS edge ON edge.line = peeled.line
                  STRAIGHT_JOIN staged_peel ON staged_peel.line = edge.depends_on_line
                 WHERE staged_peel.unpeeled = 0) AS next_peel;
    END WHILE;

    INSERT INTO staged_core (line, label) SELECT line, CRC32(line) FROM staged_peel WHERE unpeeled > 0;

    UPDATE staged_edge AS edge
      JOIN staged_core ON staged_core.line = edge.line
      JOIN staged_peel ON staged_peel.line = edge.depends_on_line AND staged_peel.unpeeled > 0
       SET edge.is_core = TRUE;

    CALL _label_core();

    UPDATE staged_wait
      JOIN (SELECT line, COUNT(*) AS marked
              FROM staged_edge
             WHERE is_core AND line <> depends_on_line
             GROUP BY line) AS counted ON counted.line = staged_wait.line
       SET staged_wait.unplaced = staged_wait.unplaced - counted.marked;
END
