CREATE PROCEDURE _find_members (
    IN  p_workspace_id BIGINT UNSIGNED,
    IN  p_actor_id     BIGINT UNSIGNED,
    IN  p_search_id    BIGINT UNSIGNED,
    OUT p_found        JSON
)
    COMMENT '
Find all that a saved search finds.

Parameters
  p_workspace_id  its workspace
  p_actor_id      the user who asks, whom me stands for
  p_search_id     the search
  p_found         an array of the ids of the tasks

Result
  none

Errors
  invalid_request  a name in it is gone
  search_invalid   it cannot be read any more
  search_too_wide  it finds more than 10,000 tasks
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_condition LONGTEXT;
    DECLARE v_column    VARCHAR(32);
    DECLARE v_order     TEXT;
    DECLARE v_sort      VARCHAR(64);

    CALL _read_search(p_workspace_id, p_actor_id, JSON_OBJECT('search', p_search_id), NULL, v_sort, v_condition);
    SET v_sort = '-id';
    CALL _order_by(v_sort, NULL, v_column, v_order);

    -- As in list_tasks.
    SET @headgate_workspace_id = p_workspace_id, @headgate_skip = 0, @headgate_limit = 10001;
    CALL _read_page(v_condition, v_column, v_order);
    SET p_found = COALESCE(JSON_EXTRACT(@headgate_page, '$[*][1]'), JSON_ARRAY());

    IF JSON_LENGTH(p_found) >= @headgate_limit THEN
        CALL raise_error('search_too_wide', 'it finds more than 10,000 tasks; make it narrower', JSON_OBJECT('search_id', p_search_id));
    END IF;
END
