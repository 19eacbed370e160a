CREATE PROCEDURE _label_core ()
    COMMENT '
Label the core of the staged tasks, so that in the order of the labels most of
its dependencies go uphill.

Each task starts with a label drawn by lot, and takes over the highest among
what it waits for until nothing changes. Tasks on one cycle then have the same
label, and hardly any others have; so what is not uphill in the end, and has to
be added one by one, is little more than the cycles themselves. A long way to
go is cut short: labels that are not final cost time, and nothing else.

Result
  none

Source
  S. Orzan, "On Distributed Verification and Verified Distribution" (2004), the
  colouring of strongly connected components
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_labels JSON;
    DECLARE v_rounds TINYINT UNSIGNED DEFAULT 0;

    INSERT INTO staged_core_edge (line, depends_on_line)
    SELECT line, depends_on_line FROM staged_edge WHERE is_core AND line <> depends_on_line;

    spread: LOOP
        -- A copy of the labels: a statement may open a temporary table once.
        SELECT JSON_ARRAYAGG(JSON_ARRAY(line, label)) INTO v_labels FROM staged_core;

        UPDATE staged_core
          JOIN (SELECT edge.line, MAX(known.label) AS label
                  FROM staged_core_edge AS edge
                  JOIN JSON_TABLE(v_labels, '$[*]' COLUMNS (
                           line  BIGINT UNSIGNED PATH '$[0]',
                           label INT UNSIGNED    PATH '$[1]')) AS known ON known.line = edge.depends_on_line
                 GROUP BY edge.line) AS above ON above.line = staged_core.line
           SET staged_core.label = above.label
         WHERE above.label > staged_core.label;

        IF ROW_COUNT() = 0 OR v_rounds = 30 THEN
            LEAVE spread;
        END IF;

        SET v_rounds = v_rounds + 1;
    END LOOP;
END
