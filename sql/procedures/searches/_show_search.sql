CREATE PROCEDURE _show_search (
    IN p_search_id BIGINT UNSIGNED
)
    COMMENT '
Show a saved search with all that people see of it.

Parameters
  p_search_id  the search

Result
  one row, as for get_saved_search
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    SELECT saved_search.id AS search_id, saved_search.workspace_id, saved_search.owner_id, app_user.username AS owner, saved_search.name,
           saved_search.is_shared, saved_search.query, saved_search.filter, saved_search.created_at, saved_search.updated_at
      FROM saved_search
      JOIN app_user ON app_user.id = saved_search.owner_id
     WHERE saved_search.id = p_search_id;
END
