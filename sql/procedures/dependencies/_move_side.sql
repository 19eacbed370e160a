CREATE PROCEDURE _move_side (
    IN p_side  JSON,
    IN p_above BIGINT,
    IN p_step  BIGINT
)
    COMMENT '
Give a set of tasks new ranks in a free interval, in the order they have.

Parameters
  p_side   an array of task ids
  p_above  the rank below the lowest of the new ones
  p_step   the distance between two new ranks

Result
  none
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    SET @headgate_deriving = TRUE;
    UPDATE node
      JOIN (SELECT node.task_id, CAST(ROW_NUMBER() OVER (ORDER BY node.topo_rank, node.task_id) AS SIGNED) AS place
              FROM JSON_TABLE(p_side, '$[*]' COLUMNS (task_id BIGINT UNSIGNED PATH '$')) AS side
              JOIN node ON node.task_id = side.task_id) AS moved
        ON moved.task_id = node.task_id
       SET node.topo_rank = p_above + moved.place * p_step;
    SET @headgate_deriving = NULL;
END
