CREATE PROCEDURE _show_graph (
    IN p_workspace_id BIGINT UNSIGNED,
    IN p_task_ids     JSON
)
    COMMENT '
Show some tasks and the dependencies between them, for a picture.

Parameters
  p_workspace_id  their workspace
  p_task_ids      an array of task ids, or NULL for none; the same may be in it twice

Result
  two: rows ordered by task_id (task_id, title, status, priority, readiness), and rows
  ordered by task_id, then by depends_on_id (task_id, depends_on_id)

Errors
  graph_too_large  these are more tasks, or they have more dependencies, than fit into a picture
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_limit BIGINT UNSIGNED DEFAULT _picture_limit();
    DECLARE v_tasks BIGINT UNSIGNED;
    DECLARE v_edges BIGINT UNSIGNED;

    SELECT COUNT(DISTINCT task_id)
      INTO v_tasks
      FROM JSON_TABLE(p_task_ids, '$[*]' COLUMNS (task_id BIGINT UNSIGNED PATH '$')) AS wanted;

    IF v_tasks > v_limit THEN
        CALL raise_error('graph_too_large', CONCAT('a picture holds ', v_limit, ' tasks, and these are more'),
                         JSON_OBJECT('limit', v_limit));
    END IF;

    -- Where most wait for most, the few tasks are not what makes it large.
    SELECT /*+ JOIN_FIXED_ORDER() JOIN_INDEX(edge PRIMARY) */ COUNT(*)
      INTO v_edges
      FROM (SELECT DISTINCT task_id
              FROM JSON_TABLE(p_task_ids, '$[*]' COLUMNS (task_id BIGINT UNSIGNED PATH '$')) AS named) AS waiting
      JOIN dependency AS edge ON edge.workspace_id = p_workspace_id AND edge.task_id = waiting.task_id
      JOIN (SELECT DISTINCT task_id
              FROM JSON_TABLE(p_task_ids, '$[*]' COLUMNS (task_id BIGINT UNSIGNED PATH '$')) AS named) AS prerequisite
        ON prerequisite.task_id = edge.depends_on_id;

    IF v_edges > 5 * v_limit THEN
        CALL raise_error('graph_too_large', CONCAT('these tasks have ', v_edges, ' dependencies, a picture holds ', 5 * v_limit),
                         JSON_OBJECT('limit', 5 * v_limit));
    END IF;

    SELECT /*+ JOIN_FIXED_ORDER() */ task.id AS task_id, task.title, task.status, task.priority, node.readiness
      FROM (SELECT DISTINCT task_id
              FROM JSON_TABLE(p_task_ids, '$[*]' COLUMNS (task_id BIGINT UNSIGNED PATH '$')) AS named) AS wanted
      JOIN task ON task.id = wanted.task_id
      JOIN node ON node.task_id = task.id
     ORDER BY task.id;

    SELECT /*+ JOIN_FIXED_ORDER() JOIN_INDEX(edge PRIMARY) */ edge.task_id, edge.depends_on_id
      FROM (SELECT DISTINCT task_id
              FROM JSON_TABLE(p_task_ids, '$[*]' COLUMNS (task_id BIGINT UNSIGNED PATH '$')) AS named) AS waiting
      JOIN dependency AS edge ON edge.workspace_id = p_workspace_id AND edge.task_id = waiting.task_id
      JOIN (SELECT DISTINCT task_id
              FROM JSON_TABLE(p_task_ids, '$[*]' COLUMNS (task_id BIGINT UNSIGNED PATH '$')) AS named) AS prerequisite
        ON prerequisite.task_id = edge.depends_on_id
     ORDER BY edge.task_id, edge.depends_on_id;
END
