CREATE PROCEDURE _mark_reaching (
    IN p_place INT UNSIGNED,
    IN p_count INT UNSIGNED
)
    COMMENT '
Find out which tasks can reach the tasks at some places of the shortcuts.

Each place has a bit, and a task has the bits of all that it waits for, level by
level: one aggregate a level, whose cost depends on the dependencies and not on
the number of paths.

Parameters
  p_place  the first of the places
  p_count  how many; 4,088 at most, for bits are aggregated up to 511 bytes

Result
  none; reaching_task holds a row for each task between the places and the shortcuts that can
  reach one of them, and for the tasks at the places themselves
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_bottom INT UNSIGNED;
    DECLARE v_first  INT UNSIGNED;
    DECLARE v_last   INT UNSIGNED;
    DECLARE v_top    INT UNSIGNED;

    TRUNCATE TABLE reaching_task;
    TRUNCATE TABLE reaching_wave;

    INSERT INTO reaching_task (number, places)
    SELECT MIN(depends_on),
           CONCAT(REPEAT(CHAR(0), (place - p_place) DIV 8), CHAR(1 << (place - p_place) MOD 8),
                  REPEAT(CHAR(0), 510 - (place - p_place) DIV 8))
      FROM shortcut
     WHERE place BETWEEN p_place AND p_place + p_count - 1
     GROUP BY place;

    SELECT MIN(depends_on), MIN(lowest), MAX(number)
      INTO v_bottom, v_first, v_top
      FROM shortcut
     WHERE place BETWEEN p_place AND p_place + p_count - 1;

    WHILE v_first < v_top DO
        SELECT MIN(last) INTO v_last FROM level_end WHERE last >= v_first;

        -- Only tasks that others wait for can lie on a path.
        INSERT INTO reaching_wave (number, places)
        SELECT /*+ JOIN_FIXED_ORDER() */ edge.number, BIT_OR(prerequisite.places)
          FROM nearest_dependent AS passage
          JOIN numbered_edge AS edge ON edge.number = passage.number AND edge.depends_on >= v_bottom
          JOIN reaching_task AS prerequisite ON prerequisite.number = edge.depends_on
         WHERE passage.number BETWEEN v_first AND v_last
         GROUP BY edge.number;

        INSERT INTO reaching_task (number, places)
        SELECT number, places FROM reaching_wave AS wave WHERE number BETWEEN v_first AND v_last
            ON DUPLICATE KEY UPDATE places = reaching_task.places | wave.places;

        SET v_first = v_last + 1;
    END WHILE;
END
