CREATE PROCEDURE _mark_reaching (
    IN p_place INT UNSIGNED,
    IN p_count INT UNSIGNED
)
    COMMENT '
Find out which tasks can reach the tasks at some places of the shortcuts.

Each place has a bit, and a task has the bits of all that it waits for, from the
deepest up: one aggregate a depth, whose cost depends on the dependencies and not
on the number of paths.

Parameters
  p_place  the first of the places
  p_count  how many; 4,088 at most, for bits are aggregated up to 511 bytes

Result
  none; reaching_task holds a row for each task that others wait for and that can reach one of
  the places, and for the tasks at the places themselves
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_depth INT UNSIGNED;
    DECLARE v_rank  BIGINT;

    TRUNCATE TABLE reaching_task;
    TRUNCATE TABLE reaching_wave;

    INSERT INTO reaching_task (task_id, places)
    SELECT MIN(depends_on_id),
           CONCAT(REPEAT(CHAR(0), (place - p_place) DIV 8), CHAR(1 << (place - p_place) MOD 8),
                  REPEAT(CHAR(0), 510 - (place - p_place) DIV 8))
      FROM shortcut
     WHERE place BETWEEN p_place AND p_place + p_count - 1
     GROUP BY place;

    SELECT /*+ JOIN_FIXED_ORDER() */ MAX(deep_task.depth), MIN(shortcut.depends_on_rank)
      INTO v_depth, v_rank
      FROM shortcut
      JOIN deep_task ON deep_task.task_id = shortcut.depends_on_id
     WHERE shortcut.place BETWEEN p_place AND p_place + p_count - 1;

    -- At depth 0 is what nobody waits for: no path leads over it.
    WHILE v_depth > 1 DO
        SET v_depth = v_depth - 1;

        INSERT INTO reaching_wave (depth, task_id, places)
        SELECT /*+ JOIN_FIXED_ORDER() */ v_depth, edge.task_id, BIT_OR(prerequisite.places)
          FROM depth_wave AS passage
          JOIN standing_edge AS edge ON edge.task_id = passage.task_id AND edge.depends_on_rank >= v_rank
          JOIN reaching_task AS prerequisite ON prerequisite.task_id = edge.depends_on_id
         WHERE passage.depth = v_depth
         GROUP BY edge.task_id;

        INSERT INTO reaching_task (task_id, places)
        SELECT task_id, places FROM reaching_wave AS wave WHERE depth = v_depth
            ON DUPLICATE KEY UPDATE places = reaching_task.places | wave.places;
    END WHILE;
END
