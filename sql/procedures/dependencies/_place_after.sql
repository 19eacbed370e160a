CREATE PROCEDURE _place_after (
    IN p_workspace_id  BIGINT UNSIGNED,
    IN p_task_id       BIGINT UNSIGNED,
    IN p_depends_on_id BIGINT UNSIGNED
)
    COMMENT '
Order one task after another that it is to wait for, or refuse the cycle.

The caller holds the workspace lock and reads committed rows. Afterwards the
prerequisite is ranked below the task. Only tasks ranked between the two are
looked at, and of the two sides (what the prerequisite waits for, what waits
for the task) the one that is known first is moved. A side is kept as a JSON
array of ids: cheaper than a temporary table, and usable twice in a statement.
Joins keep their written order, from the few tasks found to their edges: right
after a large import the statistics of the server are those of before.

Parameters
  p_workspace_id   the workspace of both
  p_task_id        the task that is to wait
  p_depends_on_id  the task it is to wait for

Result
  none

Errors
  dependency_cycle  the prerequisite already waits for the task

Source
  Searching both ways and moving the smaller side: Bender, Fineman, Gilbert and
  Tarjan, "A new approach to incremental cycle detection and related problems",
  ACM TALG 12 (2015). Spaced labels: Dietz and Sleator, STOC 1987.
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_spacing  BIGINT DEFAULT _rank_spacing();
    DECLARE v_low      BIGINT;   -- rank of the task that is to wait
    DECLARE v_high     BIGINT;   -- rank of its prerequisite
    DECLARE v_bound    BIGINT;   -- nearest rank beyond the side that moves
    DECLARE v_side     JSON;
    DECLARE v_count    BIGINT;       -- signed: ranks below zero are ranks
    DECLARE v_is_cycle BOOLEAN;
    DECLARE v_budget   BIGINT UNSIGNED DEFAULT 256;

    IF p_task_id = p_depends_on_id THEN
        CALL _raise_cycle(p_workspace_id, p_task_id, p_depends_on_id);
    END IF;

    reorder: LOOP
        SELECT topo_rank INTO v_low  FROM node WHERE task_id = p_task_id;
        SELECT topo_rank INTO v_high FROM node WHERE task_id = p_depends_on_id;

        IF v_high < v_low THEN
            LEAVE reorder;
        END IF;

        -- The everyday case, an old task that waits for a new one: what the
        -- prerequisite waits for is below the task already, so it moves alone.
        SELECT /*+ JOIN_FIXED_ORDER() */ COALESCE(MAX(upstream.topo_rank), v_low - 2 * v_spacing)
          INTO v_bound
          FROM dependency AS edge
          JOIN node AS upstream ON upstream.task_id = edge.depends_on_id
         WHERE edge.workspace_id = p_workspace_id AND edge.task_id = p_depends_on_id;

        IF v_bound < v_low - 1 THEN
            SET v_bound = GREATEST(v_bound, v_low - 2 * v_spacing);
            SET @headgate_deriving = TRUE;
            UPDATE node SET topo_rank = v_bound + (v_low - v_bound) DIV 2 WHERE task_id = p_depends_on_id;
            SET @headgate_deriving = NULL;
            LEAVE reorder;
        END IF;

        -- What the prerequisite waits for and is not below the task yet.
        WITH RECURSIVE upstream (task_id) AS (
            SELECT p_depends_on_id
             UNION
            SELECT /*+ JOIN_FIXED_ORDER() JOIN_INDEX(edge PRIMARY) */ prerequisite.task_id
              FROM upstream
              JOIN dependency AS edge ON edge.workspace_id = p_workspace_id AND edge.task_id = upstream.task_id
              JOIN node AS prerequisite ON prerequisite.task_id = edge.depends_on_id
             WHERE prerequisite.topo_rank >= v_low
             LIMIT v_budget
        )
        SELECT /*+ SET_VAR(cte_max_recursion_depth = 4294967295) */
               JSON_ARRAYAGG(task_id), COUNT(*), MAX(task_id = p_task_id)
          INTO v_side, v_count, v_is_cycle
          FROM upstream;

        IF v_is_cycle THEN
            CALL _raise_cycle(p_workspace_id, p_task_id, p_depends_on_id);
        END IF;

        IF v_count < v_budget THEN
            SELECT /*+ JOIN_FIXED_ORDER() JOIN_INDEX(edge PRIMARY) */ GREATEST(COALESCE(MAX(outside.topo_rank), v_low - (v_count + 1) * v_spacing),
                            v_low - (v_count + 1) * v_spacing)
              INTO v_bound
              FROM JSON_TABLE(v_side, '$[*]' COLUMNS (task_id BIGINT UNSIGNED PATH '$')) AS side
              JOIN dependency AS edge ON edge.workspace_id = p_workspace_id AND edge.task_id = side.task_id
              JOIN node AS outside ON outside.task_id = edge.depends_on_id
             WHERE outside.topo_rank < v_low;

            IF (v_low - v_bound) DIV (v_count + 1) = 0 THEN
                CALL _make_room(p_workspace_id, p_task_id, v_count + 1);
                ITERATE reorder;
            END IF;

            CALL _move_side(v_side, v_bound, (v_low - v_bound) DIV (v_count + 1));
            LEAVE reorder;
        END IF;

        -- What waits for the task and is not above the prerequisite yet.
        WITH RECURSIVE downstream (task_id) AS (
            SELECT p_task_id
             UNION
            SELECT /*+ JOIN_FIXED_ORDER() JOIN_INDEX(edge dependency_dependents) */ dependent.task_id
              FROM downstream
              JOIN dependency AS edge ON edge.workspace_id = p_workspace_id AND edge.depends_on_id = downstream.task_id
              JOIN node AS dependent ON dependent.task_id = edge.task_id
             WHERE dependent.topo_rank <= v_high
             LIMIT v_budget
        )
        SELECT /*+ SET_VAR(cte_max_recursion_depth = 4294967295) */
               JSON_ARRAYAGG(task_id), COUNT(*), MAX(task_id = p_depends_on_id)
          INTO v_side, v_count, v_is_cycle
          FROM downstream;

        IF v_is_cycle THEN
            CALL _raise_cycle(p_workspace_id, p_task_id, p_depends_on_id);
        END IF;

        IF v_count < v_budget THEN
            SELECT /*+ JOIN_FIXED_ORDER() JOIN_INDEX(edge dependency_dependents) */ LEAST(COALESCE(MIN(outside.topo_rank), v_high + (v_count + 1) * v_spacing),
                         v_high + (v_count + 1) * v_spacing)
              INTO v_bound
              FROM JSON_TABLE(v_side, '$[*]' COLUMNS (task_id BIGINT UNSIGNED PATH '$')) AS side
              JOIN dependency AS edge ON edge.workspace_id = p_workspace_id AND edge.depends_on_id = side.task_id
              JOIN node AS outside ON outside.task_id = edge.task_id
             WHERE outside.topo_rank > v_high;

            IF (v_bound - v_high) DIV (v_count + 1) = 0 THEN
                CALL _make_room(p_workspace_id, p_depends_on_id, v_count + 1);
                ITERATE reorder;
            END IF;

            CALL _move_side(v_side, v_high, (v_bound - v_high) DIV (v_count + 1));
            LEAVE reorder;
        END IF;

        SET v_budget = v_budget * 8;
    END LOOP;
END
