CREATE PROCEDURE _reopen_dependents (
    IN p_workspace_id BIGINT UNSIGNED,
    IN p_task_id      BIGINT UNSIGNED,
    IN p_changes      JSON
)
    COMMENT '
Reopen the completed tasks that wait for a task which is about to be opened.

Through completed tasks only: a cancelled one keeps its state, and what waits
for it does not wait for this task any more. Nothing happens if the change does
not open a closed task.

Parameters
  p_workspace_id  the workspace of the task
  p_task_id       the task that is to be opened
  p_changes       an object as for update_task

Result
  none
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_task_id BIGINT UNSIGNED;
    DECLARE v_is_done BOOLEAN DEFAULT FALSE;

    -- A cursor, because order matters: the guard of each row wants those that
    -- wait for it open already, so the highest ranked goes first.
    DECLARE completed_dependents CURSOR FOR
    WITH RECURSIVE downstream (task_id) AS (
        SELECT p_task_id
         UNION
        SELECT /*+ JOIN_FIXED_ORDER() JOIN_INDEX(edge dependency_dependents) */ dependent.id
          FROM downstream
          JOIN dependency AS edge ON edge.workspace_id = p_workspace_id AND edge.depends_on_id = downstream.task_id
          JOIN task AS dependent ON dependent.id = edge.task_id
         WHERE dependent.status = 'completed'
    )
    SELECT /*+ SET_VAR(cte_max_recursion_depth = 4294967295) JOIN_FIXED_ORDER() */ node.task_id
      FROM downstream
      JOIN node ON node.task_id = downstream.task_id
     WHERE node.task_id <> p_task_id
     ORDER BY node.topo_rank DESC;
    DECLARE CONTINUE HANDLER FOR NOT FOUND SET v_is_done = TRUE;

    IF EXISTS (SELECT 1
                 FROM task
                 JOIN task_status AS before_it ON before_it.status = task.status
                 JOIN task_status AS after_it ON after_it.status = JSON_UNQUOTE(JSON_EXTRACT(p_changes, '$.status'))
                WHERE task.id = p_task_id AND NOT before_it.is_open AND after_it.is_open) THEN
        OPEN completed_dependents;

        reopen: LOOP
            FETCH completed_dependents INTO v_task_id;

            IF v_is_done THEN
                LEAVE reopen;
            END IF;

            UPDATE task SET status = 'pending' WHERE id = v_task_id;
        END LOOP;

        CLOSE completed_dependents;
    END IF;
END
