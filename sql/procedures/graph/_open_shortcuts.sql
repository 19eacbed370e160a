CREATE PROCEDURE _open_shortcuts (
    IN p_workspace_id BIGINT UNSIGNED
)
    COMMENT '
Find how deep each task lies below others, and the dependencies that others may imply.

A task that nobody waits for has depth 0, any other one more than the deepest of
those that wait for it. They are placed in waves from the top, where most tasks
are: each of the others is looked at once for each wave that waits for it. A
dependency is implied by a path over other tasks, so its ends are at least two
steps apart in depth: what is not is as it should be, and most of the rest is
implied. Cancelled tasks are left out. All edges are read in one statement, so they
are of one moment and have no cycle; the rest is done in temporary tables, of
this session only.

Parameters
  p_workspace_id  the workspace

Result
  none; shortcut holds the dependencies in question, place by place: those that end at one
  task share a place, and the places go down with the tasks; the other tables are for
  _mark_reaching

Source
  A. B. Kahn, "Topological sorting of large networks", CACM 5 (1962)
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_depth INT UNSIGNED DEFAULT 0;

    CALL _close_shortcuts();

    CREATE TEMPORARY TABLE standing_edge (
        task_id         BIGINT UNSIGNED NOT NULL,
        depends_on_rank BIGINT NOT NULL COMMENT 'node.topo_rank of what it waits for',
        depends_on_id   BIGINT UNSIGNED NOT NULL,
        PRIMARY KEY (task_id, depends_on_rank, depends_on_id)
    );
    CREATE TEMPORARY TABLE deep_task (
        task_id  BIGINT UNSIGNED NOT NULL,
        unplaced INT UNSIGNED NOT NULL COMMENT 'dependents that are in no wave yet',
        depth    INT UNSIGNED NULL COMMENT 'NULL while there are any',
        PRIMARY KEY (task_id),
        KEY (depth)
    );
    -- The depths again, of all that wait for others: a statement may open a temporary table once.
    CREATE TEMPORARY TABLE depth_wave (
        depth   INT UNSIGNED NOT NULL,
        task_id BIGINT UNSIGNED NOT NULL,
        PRIMARY KEY (depth, task_id),
        KEY (task_id)
    );
    CREATE TEMPORARY TABLE shortcut (
        place           INT UNSIGNED NOT NULL COMMENT 'of the task at its end, from 0, without gaps',
        task_id         BIGINT UNSIGNED NOT NULL,
        depends_on_id   BIGINT UNSIGNED NOT NULL,
        depends_on_rank BIGINT NOT NULL,
        PRIMARY KEY (place, task_id)
    );

    -- What _mark_reaching fills: a task, and a bit for each place that it can reach.
    CREATE TEMPORARY TABLE reaching_task (
        task_id BIGINT UNSIGNED NOT NULL,
        places  VARBINARY(511) NOT NULL,
        PRIMARY KEY (task_id)
    );
    CREATE TEMPORARY TABLE reaching_wave (
        depth   INT UNSIGNED NOT NULL,
        task_id BIGINT UNSIGNED NOT NULL,
        places  VARBINARY(511) NOT NULL,
        PRIMARY KEY (depth, task_id)
    );
    CREATE TEMPORARY TABLE redundant_edge (
        task_id       BIGINT UNSIGNED NOT NULL,
        depends_on_id BIGINT UNSIGNED NOT NULL,
        via_id        BIGINT UNSIGNED NOT NULL
    );

    INSERT INTO standing_edge (task_id, depends_on_rank, depends_on_id)
    WITH cancelled (id) AS (
        SELECT /*+ INDEX(task task_by_status) */ id FROM task WHERE workspace_id = p_workspace_id AND status = 'cancelled'
    )
    SELECT /*+ JOIN_FIXED_ORDER() JOIN_INDEX(edge PRIMARY) JOIN_INDEX(node PRIMARY) NO_MERGE(above, below) */
           edge.task_id, node.topo_rank, edge.depends_on_id
      FROM dependency AS edge
      LEFT JOIN cancelled AS above ON above.id = edge.task_id
      LEFT JOIN cancelled AS below ON below.id = edge.depends_on_id
      JOIN node ON node.task_id = edge.depends_on_id
     WHERE edge.workspace_id = p_workspace_id AND above.id IS NULL AND below.id IS NULL;

    INSERT INTO deep_task (task_id, unplaced)
    SELECT depends_on_id, COUNT(*)
      FROM standing_edge
     GROUP BY depends_on_id;

    INSERT INTO depth_wave (depth, task_id)
    SELECT DISTINCT 0, edge.task_id
      FROM standing_edge AS edge
      LEFT JOIN deep_task ON deep_task.task_id = edge.task_id
     WHERE deep_task.task_id IS NULL;

    WHILE ROW_COUNT() > 0 DO
        -- From the few to their rows: the server has no statistics of either.
        UPDATE /*+ JOIN_FIXED_ORDER() */
               (SELECT /*+ JOIN_FIXED_ORDER() */ edge.depends_on_id, COUNT(*) AS placed
                  FROM depth_wave AS wave
                  JOIN standing_edge AS edge ON edge.task_id = wave.task_id
                 WHERE wave.depth = v_depth
                 GROUP BY edge.depends_on_id) AS counted
               JOIN deep_task ON deep_task.task_id = counted.depends_on_id
           SET deep_task.depth = IF(deep_task.unplaced = counted.placed, v_depth + 1, NULL),
               deep_task.unplaced = deep_task.unplaced - counted.placed;

        SET v_depth = v_depth + 1;
        INSERT INTO depth_wave (depth, task_id) SELECT depth, task_id FROM deep_task WHERE depth = v_depth;
    END WHILE;

    INSERT INTO shortcut (place, task_id, depends_on_id, depends_on_rank)
    SELECT /*+ JOIN_FIXED_ORDER() */
           DENSE_RANK() OVER (ORDER BY prerequisite.depth, edge.depends_on_id) - 1, edge.task_id, edge.depends_on_id, edge.depends_on_rank
      FROM depth_wave AS waiting
      JOIN standing_edge AS edge ON edge.task_id = waiting.task_id
      JOIN deep_task AS prerequisite ON prerequisite.task_id = edge.depends_on_id
     WHERE prerequisite.depth > waiting.depth + 1;
END
