CREATE PROCEDURE _open_shortcuts ()
    COMMENT '
Number the tasks that _level_tasks has leveled, and find the dependencies that others may imply.

Numbers rise with the levels, so a task has a higher one than all that it waits
for, and what can reach what is first a matter of comparing two. A dependency is
implied by a path over another prerequisite to another dependent of the task at
its end. The lowest of those dependents must then be below the task: what does
not pass is as it should be, and most of the rest is implied. Temporary tables,
as in _level_tasks.

Result
  none; shortcut holds the dependencies in question, place by place: those that end at one
  task share a place, and the places go up with the tasks; the other tables are for
  _mark_reaching
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    CALL _close_shortcuts();

    CREATE TEMPORARY TABLE numbered_task (
        task_id BIGINT UNSIGNED NOT NULL,
        number  INT UNSIGNED NOT NULL,
        last    INT UNSIGNED NOT NULL COMMENT 'the last number of its level',
        PRIMARY KEY (task_id)
    );
    -- The numbers again: a statement may open a temporary table once.
    CREATE TEMPORARY TABLE numbered_prerequisite (
        task_id BIGINT UNSIGNED NOT NULL,
        number  INT UNSIGNED NOT NULL,
        PRIMARY KEY (task_id)
    );
    CREATE TEMPORARY TABLE level_end (
        last INT UNSIGNED NOT NULL,
        PRIMARY KEY (last)
    );
    CREATE TEMPORARY TABLE numbered_edge (
        number        INT UNSIGNED NOT NULL COMMENT 'of the task that waits',
        depends_on    INT UNSIGNED NOT NULL COMMENT 'the number of what it waits for',
        last          INT UNSIGNED NOT NULL COMMENT 'of the level of the task that waits',
        task_id       BIGINT UNSIGNED NOT NULL,
        depends_on_id BIGINT UNSIGNED NOT NULL,
        PRIMARY KEY (number, depends_on)
    );
    CREATE TEMPORARY TABLE nearest_dependent (
        number INT UNSIGNED NOT NULL COMMENT 'of a task that others wait for',
        lowest INT UNSIGNED NOT NULL COMMENT 'the lowest of them',
        last   INT UNSIGNED NOT NULL COMMENT 'of the level of that one',
        PRIMARY KEY (number)
    );
    CREATE TEMPORARY TABLE shortcut (
        place      INT UNSIGNED NOT NULL COMMENT 'of the task at its end, from 0, without gaps',
        number     INT UNSIGNED NOT NULL,
        depends_on INT UNSIGNED NOT NULL,
        lowest     INT UNSIGNED NOT NULL COMMENT 'of nearest_dependent',
        PRIMARY KEY (place, number)
    );

    -- What _mark_reaching fills: a task, and a bit for each place that it can reach.
    CREATE TEMPORARY TABLE reaching_task (
        number INT UNSIGNED NOT NULL,
        places VARBINARY(511) NOT NULL,
        PRIMARY KEY (number)
    );
    CREATE TEMPORARY TABLE reaching_wave (
        number INT UNSIGNED NOT NULL,
        places VARBINARY(511) NOT NULL,
        PRIMARY KEY (number)
    );
    CREATE TEMPORARY TABLE redundant_edge (
        number     INT UNSIGNED NOT NULL,
        depends_on INT UNSIGNED NOT NULL,
        via_id     BIGINT UNSIGNED NOT NULL
    );

    -- To count up to the peers is to count up to the end of the level.
    INSERT INTO numbered_task (task_id, number, last)
    SELECT task_id, ROW_NUMBER() OVER (ORDER BY level, task_id), COUNT(*) OVER (ORDER BY level)
      FROM leveled_wave;

    INSERT INTO numbered_prerequisite (task_id, number) SELECT task_id, number FROM numbered_task;
    INSERT INTO level_end (last) SELECT DISTINCT last FROM numbered_task;

    INSERT INTO numbered_edge (number, depends_on, last, task_id, depends_on_id)
    SELECT /*+ JOIN_FIXED_ORDER() */ waiting.number, prerequisite.number, waiting.last, edge.task_id, edge.depends_on_id
      FROM leveled_edge AS edge
      JOIN numbered_task AS waiting ON waiting.task_id = edge.task_id
      JOIN numbered_prerequisite AS prerequisite ON prerequisite.task_id = edge.depends_on_id
     ORDER BY waiting.number, prerequisite.number;

    INSERT INTO nearest_dependent (number, lowest, last)
    SELECT depends_on, MIN(number), MIN(last)
      FROM numbered_edge
     GROUP BY depends_on;

    INSERT INTO shortcut (place, number, depends_on, lowest)
    SELECT /*+ JOIN_FIXED_ORDER() */ DENSE_RANK() OVER (ORDER BY edge.depends_on) - 1, edge.number, edge.depends_on, nearest.lowest
      FROM numbered_edge AS edge
      JOIN nearest_dependent AS nearest ON nearest.number = edge.depends_on
     WHERE edge.number > nearest.last;
END
