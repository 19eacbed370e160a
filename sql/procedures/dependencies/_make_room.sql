CREATE PROCEDURE _make_room (
    IN p_workspace_id BIGINT UNSIGNED,
    IN p_task_id      BIGINT UNSIGNED,
    IN p_room         BIGINT
)
    COMMENT '
Spread the ranks around a task, so that more than p_room ranks are free on
either side of it.

Keeps the order. Takes the smallest window that is sparse enough, so the cost
is logarithmic over many calls.

Parameters
  p_workspace_id  the workspace of the task
  p_task_id       the task around which room is needed
  p_room          how many ranks must fit between it and its neighbours

Result
  none

Source
  Dietz and Sleator, "Two algorithms for maintaining order in a list", STOC 1987
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_rank  BIGINT;
    DECLARE v_width BIGINT DEFAULT _rank_spacing();
    DECLARE v_count BIGINT;

    SELECT topo_rank INTO v_rank FROM node WHERE task_id = p_task_id;

    widen: LOOP
        SELECT COUNT(*)
          INTO v_count
          FROM node
         WHERE workspace_id = p_workspace_id AND topo_rank BETWEEN v_rank - v_width AND v_rank + v_width;

        IF (2 * v_width) DIV (v_count + 1) > 4 * p_room THEN
            LEAVE widen;
        END IF;
        SET v_width = v_width * 2;
    END LOOP;

    SET @headgate_deriving = TRUE;
    UPDATE node
      JOIN (SELECT task_id, CAST(ROW_NUMBER() OVER (ORDER BY topo_rank, task_id) AS SIGNED) AS place
              FROM node
             WHERE workspace_id = p_workspace_id AND topo_rank BETWEEN v_rank - v_width AND v_rank + v_width) AS moved
        ON moved.task_id = node.task_id
       SET node.topo_rank = v_rank - v_width + moved.place * ((2 * v_width) DIV (v_count + 1));
    SET @headgate_deriving = NULL;
END
