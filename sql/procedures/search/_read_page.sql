CREATE PROCEDURE _read_page (
    IN p_condition LONGTEXT,
    IN p_column    VARCHAR(32),
    IN p_order     TEXT
)
    COMMENT '
Find a page of tasks, and leave it in @headgate_page.

An array of pairs, the value of the column that is sorted by and the id of the task. As
_rank_page, for every other order.

Reads @headgate_workspace_id, @headgate_skip and @headgate_limit.

Parameters
  p_condition  as _compile_filter gives it; TRUE for all tasks
  p_column     as _order_by gives it
  p_order      as _order_by gives it

Result
  none
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_statement LONGTEXT;

    -- Two indexes that are intersected give up the order of both, so MySQL may not.
    CALL _page_statement(p_condition, p_column, p_order, @headgate_skip + @headgate_limit, v_statement);
    SET @headgate_statement = CONCAT('SELECT /*+ SET_VAR(cte_max_recursion_depth = 4294967295)
                                                 SET_VAR(optimizer_switch = ''index_merge_intersection=off'') */
                                             COALESCE(JSON_ARRAYAGG(JSON_ARRAY(value, id)), JSON_ARRAY())
                                        INTO @headgate_page
                                        FROM (', v_statement, ') AS page');
    PREPARE page_of_tasks FROM @headgate_statement;
    EXECUTE page_of_tasks USING @headgate_skip, @headgate_limit;
    DEALLOCATE PREPARE page_of_tasks;
END
