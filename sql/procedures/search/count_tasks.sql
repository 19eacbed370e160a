CREATE PROCEDURE count_tasks (
    IN p_actor_id     BIGINT UNSIGNED,
    IN p_workspace_id BIGINT UNSIGNED,
    IN p_filter       JSON,
    IN p_query        TEXT,
    IN p_bound        INT UNSIGNED
)
    COMMENT '
Say how many tasks a filter finds: exactly, as long as they are not too many to count.

Beyond the bound it is estimated: all tasks are counted, and of those that 5,000
evenly spread ids meet, the ones that the filter finds.

Parameters
  p_actor_id      the user who asks; NULL for the one that the SQL login is bound to
  p_workspace_id  the workspace; NULL for the personal one of the actor
  p_filter        as for list_tasks
  p_query         as for list_tasks
  p_bound         how many are counted at most; NULL for 10,000

Result
  one row: tasks, is_exact

Errors
  actor_not_allowed    the login may not ask for that user
  actor_required       the login may ask for any user and named none
  permission_denied    the role of the actor does not allow reading
  workspace_not_found  there is no such workspace for the actor
  invalid_request      the filter or the query means nothing; the error says where
  search_invalid       a saved search that is named cannot be read any more

Example
  CALL count_tasks(NULL, NULL, NULL, "is:open tag:backend", NULL);
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_condition LONGTEXT;
    DECLARE v_column    VARCHAR(32);
    DECLARE v_order     TEXT;
    DECLARE v_sort      VARCHAR(64);
    DECLARE v_statement LONGTEXT;

    CALL _find_workspace(p_actor_id, p_workspace_id);
    CALL _read_search(p_workspace_id, p_actor_id, p_filter, p_query, v_sort, v_condition);
    SET v_sort = '-id';
    CALL _order_by(v_sort, NULL, v_column, v_order);

    -- As in list_tasks.
    SET @headgate_workspace_id = p_workspace_id, @headgate_skip = 0, @headgate_limit = COALESCE(p_bound, 10000) + 1;
    CALL _page_statement(v_condition, v_column, v_order, @headgate_limit, v_statement);
    SET @headgate_statement = CONCAT('SELECT /*+ SET_VAR(cte_max_recursion_depth = 4294967295)
                                                 SET_VAR(optimizer_switch = ''index_merge_intersection=off'') */
                                             COUNT(*)
                                        INTO @headgate_count
                                        FROM (', v_statement, ') AS page');
    PREPARE count_of_tasks FROM @headgate_statement;
    EXECUTE count_of_tasks USING @headgate_skip, @headgate_limit;

    IF @headgate_count = @headgate_limit THEN
        SELECT MIN(id), (MAX(id) - MIN(id) + 1) / 5000
          INTO @headgate_first, @headgate_step
          FROM task
         WHERE workspace_id = p_workspace_id;

        SET @headgate_statement = CONCAT('
            SELECT /*+ SET_VAR(cte_max_recursion_depth = 4294967295) */ COALESCE(AVG(', v_condition, '), 1)
              INTO @headgate_share
              FROM (WITH RECURSIVE point (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM point WHERE n < 4999)
                    SELECT /*+ NO_MERGE() */
                           CAST(@headgate_first + FLOOR((n + n * 2654435761 % 4294967296 / 4294967296) * @headgate_step) AS UNSIGNED) AS id
                      FROM point) AS chosen
              STRAIGHT_JOIN task ON task.id = chosen.id
              STRAIGHT_JOIN node ON node.task_id = task.id
             WHERE task.workspace_id = @headgate_workspace_id');
        PREPARE count_of_tasks FROM @headgate_statement;
        EXECUTE count_of_tasks;
    END IF;

    DEALLOCATE PREPARE count_of_tasks;

    SELECT IF(@headgate_count < @headgate_limit, @headgate_count,
              GREATEST(@headgate_count,
                       CAST(ROUND(@headgate_share * (SELECT COUNT(*) FROM task WHERE workspace_id = p_workspace_id))
                            AS UNSIGNED))) AS tasks,
           @headgate_count < @headgate_limit AS is_exact;
END
