CREATE PROCEDURE _level_tasks (
    IN p_workspace_id BIGINT UNSIGNED,
    IN p_open_only    BOOLEAN
)
    COMMENT '
Find how many steps the longest chain of prerequisites below each task has.

In waves: each holds the tasks that wait only for earlier ones. Everything is
read in one statement, so the edges are of one moment and have no cycle; then
each is looked at once, in narrow tables of this session (temporary: several
sessions may do this at once, and none of it outlives them). A wave costs two
statements, however many tasks it has.

Parameters
  p_workspace_id  the workspace
  p_open_only     TRUE for the open tasks and the dependencies between them, FALSE for all

Result
  none; leveled_edge holds the dependencies, leveled_wave the levels, and of each task
  leveled_task.after_id a prerequisite one level below it

Source
  A. B. Kahn, "Topological sorting of large networks", CACM 5 (1962)
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_level INT UNSIGNED DEFAULT 0;

    CALL _close_levels();

    CREATE TEMPORARY TABLE leveled_edge (
        depends_on_id BIGINT UNSIGNED NOT NULL COMMENT '0 in the one row that each task has beside its dependencies',
        task_id       BIGINT UNSIGNED NOT NULL,
        PRIMARY KEY (depends_on_id, task_id)
    );
    CREATE TEMPORARY TABLE leveled_task (
        task_id  BIGINT UNSIGNED NOT NULL,
        unplaced INT UNSIGNED NOT NULL COMMENT 'prerequisites that are in no wave yet',
        level    INT UNSIGNED NULL COMMENT 'NULL while there are any',
        after_id BIGINT UNSIGNED NULL COMMENT 'a prerequisite in the wave before',
        PRIMARY KEY (task_id),
        KEY (level)
    );
    -- The levels again: a statement may open a temporary table once.
    CREATE TEMPORARY TABLE leveled_wave (
        level   INT UNSIGNED NOT NULL,
        task_id BIGINT UNSIGNED NOT NULL,
        PRIMARY KEY (level, task_id)
    );

    INSERT INTO leveled_edge (depends_on_id, task_id)
    WITH judged (status, is_kept) AS (
        SELECT status, is_open OR NOT p_open_only FROM task_status
    ),
    left_out (id) AS (
        SELECT /*+ JOIN_FIXED_ORDER() JOIN_INDEX(task task_by_status) */ task.id
          FROM judged
          JOIN task ON task.workspace_id = p_workspace_id AND task.status = judged.status
         WHERE NOT judged.is_kept
    )
    SELECT /*+ JOIN_FIXED_ORDER() JOIN_INDEX(task task_by_status) */ 0, task.id
      FROM judged
      JOIN task ON task.workspace_id = p_workspace_id AND task.status = judged.status
     WHERE judged.is_kept
     UNION ALL
    -- Those that are left out are few or none, or most of a long past: looked up among themselves.
    SELECT /*+ JOIN_FIXED_ORDER() JOIN_INDEX(edge dependency_dependents) NO_MERGE(below, above) */
           edge.depends_on_id, edge.task_id
      FROM dependency AS edge
      LEFT JOIN left_out AS below ON below.id = edge.depends_on_id
      LEFT JOIN left_out AS above ON above.id = edge.task_id
     WHERE edge.workspace_id = p_workspace_id AND below.id IS NULL AND above.id IS NULL;

    INSERT INTO leveled_task (task_id, unplaced, level)
    SELECT task_id, COUNT(*) - 1, IF(COUNT(*) = 1, 0, NULL)
      FROM leveled_edge
     GROUP BY task_id;

    place: LOOP
        INSERT INTO leveled_wave (level, task_id) SELECT level, task_id FROM leveled_task WHERE level = v_level;

        IF ROW_COUNT() = 0 THEN
            LEAVE place;
        END IF;

        -- From the few to their rows: the server has no statistics of either.
        UPDATE /*+ JOIN_FIXED_ORDER() */
               (SELECT /*+ JOIN_FIXED_ORDER() */ edge.task_id, COUNT(*) AS placed, MIN(edge.depends_on_id) AS depends_on_id
                  FROM leveled_wave AS wave
                  JOIN leveled_edge AS edge ON edge.depends_on_id = wave.task_id
                 WHERE wave.level = v_level
                 GROUP BY edge.task_id) AS counted
               JOIN leveled_task ON leveled_task.task_id = counted.task_id
           SET leveled_task.level = IF(leveled_task.unplaced = counted.placed, v_level + 1, NULL),
               leveled_task.unplaced = leveled_task.unplaced - counted.placed,
               leveled_task.after_id = counted.depends_on_id;

        SET v_level = v_level + 1;
    END LOOP;
END
