CREATE PROCEDURE _take_out_cycles (
    IN p_workspace_id BIGINT UNSIGNED,
    IN p_first        INT UNSIGNED,
    IN p_last         INT UNSIGNED
)
    COMMENT '
Take the dependencies of a run that may lie on a cycle with a suspect out again.

A cycle that passes the dependency of a suspect, from a task to what it is to wait
for, goes on upstream of the latter and comes back downstream of the former, by one
suspect or by several. So it lies where what is upstream of any of them and what is
downstream of any of them meet.

Parameters
  p_workspace_id  the workspace, locked
  p_first         the index of the first change of the run
  p_last          that of its last

Result
  none; bulk_suspect holds the changes that they came of, too
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_tails   JSON;   -- tasks that are to wait
    DECLARE v_heads   JSON;   -- tasks that they are to wait for
    DECLARE v_meeting JSON;
    DECLARE v_low     BIGINT;
    DECLARE v_high    BIGINT;

    -- What was refused on the way in is not in.
    DELETE change_edge FROM bulk_suspect JOIN change_edge ON change_edge.place = bulk_suspect.place;

    SELECT JSON_ARRAYAGG(COALESCE(change_wish.task_id, change_name.task_id, named.id))
      INTO v_tails
      FROM bulk_suspect
      JOIN change_wish ON change_wish.place = bulk_suspect.place
      LEFT JOIN change_name ON change_name.place = change_wish.waiting_place
      LEFT JOIN task AS named ON named.workspace_id = p_workspace_id AND named.task_key = change_wish.task_key;
    SELECT JSON_ARRAYAGG(COALESCE(change_wish.depends_on_id, change_name.task_id, named.id))
      INTO v_heads
      FROM bulk_suspect
      JOIN change_wish ON change_wish.place = bulk_suspect.place
      LEFT JOIN change_name ON change_name.place = change_wish.depends_on_place
      LEFT JOIN task AS named ON named.workspace_id = p_workspace_id AND named.task_key = change_wish.depends_on_key;

    SELECT /*+ JOIN_FIXED_ORDER() */ MIN(node.topo_rank)
      INTO v_low
      FROM JSON_TABLE(v_tails, '$[*]' COLUMNS (task_id BIGINT UNSIGNED PATH '$')) AS tail
      JOIN node ON node.task_id = tail.task_id;
    SELECT /*+ JOIN_FIXED_ORDER() */ MAX(node.topo_rank)
      INTO v_high
      FROM JSON_TABLE(v_heads, '$[*]' COLUMNS (task_id BIGINT UNSIGNED PATH '$')) AS head
      JOIN node ON node.task_id = head.task_id;

    IF v_low <= v_high THEN
        WITH RECURSIVE upstream (task_id) AS (
            SELECT task_id FROM JSON_TABLE(v_heads, '$[*]' COLUMNS (task_id BIGINT UNSIGNED PATH '$')) AS head
             UNION
            SELECT /*+ JOIN_FIXED_ORDER() JOIN_INDEX(edge PRIMARY) */ prerequisite.task_id
              FROM upstream
              JOIN dependency AS edge ON edge.workspace_id = p_workspace_id AND edge.task_id = upstream.task_id
              JOIN node AS prerequisite ON prerequisite.task_id = edge.depends_on_id
             WHERE prerequisite.topo_rank >= v_low
        )
        SELECT /*+ SET_VAR(cte_max_recursion_depth = 4294967295) */ JSON_ARRAYAGG(task_id) INTO v_heads FROM upstream;

        WITH RECURSIVE downstream (task_id) AS (
            SELECT task_id FROM JSON_TABLE(v_tails, '$[*]' COLUMNS (task_id BIGINT UNSIGNED PATH '$')) AS tail
             UNION
            SELECT /*+ JOIN_FIXED_ORDER() JOIN_INDEX(edge dependency_dependents) */ dependent.task_id
              FROM downstream
              JOIN dependency AS edge ON edge.workspace_id = p_workspace_id AND edge.depends_on_id = downstream.task_id
              JOIN node AS dependent ON dependent.task_id = edge.task_id
             WHERE dependent.topo_rank <= v_high
        )
        SELECT /*+ SET_VAR(cte_max_recursion_depth = 4294967295) */ JSON_ARRAYAGG(task_id) INTO v_tails FROM downstream;

        SELECT JSON_ARRAYAGG(head.task_id)
          INTO v_meeting
          FROM JSON_TABLE(v_heads, '$[*]' COLUMNS (task_id BIGINT UNSIGNED PATH '$')) AS head
          JOIN JSON_TABLE(v_tails, '$[*]' COLUMNS (task_id BIGINT UNSIGNED PATH '$')) AS tail ON tail.task_id = head.task_id;

        INSERT IGNORE INTO bulk_suspect (place)
        SELECT change_edge.place
          FROM change_edge
          JOIN JSON_TABLE(v_meeting, '$[*]' COLUMNS (task_id BIGINT UNSIGNED PATH '$')) AS waiting
            ON waiting.task_id = change_edge.task_id
          JOIN JSON_TABLE(v_meeting, '$[*]' COLUMNS (task_id BIGINT UNSIGNED PATH '$')) AS prerequisite
            ON prerequisite.task_id = change_edge.depends_on_id
          JOIN change_item ON change_item.place = change_edge.place
         WHERE change_edge.place BETWEEN p_first AND p_last AND change_item.op = 'add_dependency';

        DELETE /*+ JOIN_FIXED_ORDER() */ dependency
          FROM bulk_suspect
          JOIN change_edge ON change_edge.place = bulk_suspect.place
          JOIN dependency
             ON dependency.workspace_id = p_workspace_id AND dependency.task_id = change_edge.task_id
                AND dependency.depends_on_id = change_edge.depends_on_id;

        DELETE change_edge FROM bulk_suspect JOIN change_edge ON change_edge.place = bulk_suspect.place;
    END IF;
END
