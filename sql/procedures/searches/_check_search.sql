CREATE PROCEDURE _check_search (
    IN p_actor_id     BIGINT UNSIGNED,
    IN p_workspace_id BIGINT UNSIGNED,
    IN p_search_id    BIGINT UNSIGNED,
    IN p_name         VARCHAR(64),
    IN p_query        TEXT,
    IN p_filter       JSON,
    IN p_is_shared    BOOLEAN
)
    COMMENT '
Refuse a search that cannot be saved.

Parameters
  p_actor_id      who saves it
  p_workspace_id  the workspace
  p_search_id     the search that is changed, or NULL for a new one
  p_name          its name
  p_query         as for list_tasks
  p_filter        as for list_tasks
  p_is_shared     whether all of the workspace have it

Result
  none

Errors
  actor_not_allowed    as for _identify
  actor_required       as for _identify
  permission_denied    the role of the actor does not allow sharing
  workspace_not_found  there is no such workspace for the actor
  invalid_request      the name is empty or a number, the query or filter means nothing, or stands on
                       another search
  search_invalid       it stands on another search, and that one cannot be read any more
  search_exists        its owner has a search of that name in the workspace
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_sort      VARCHAR(64);
    DECLARE v_condition LONGTEXT;
    DECLARE v_column    VARCHAR(32);
    DECLARE v_order     TEXT;

    IF p_is_shared THEN
        CALL _authorize(p_actor_id, p_workspace_id, NULL, 'plan');
    END IF;

    CALL _check_name(p_name, 'a search');

    IF p_name NOT REGEXP '[^0-9]' THEN
        CALL raise_error('invalid_request', 'a number is no name of a search',
                         JSON_OBJECT('errors', JSON_OBJECT('name', JSON_ARRAY('must not be a number'))));
    END IF;

    -- Who changes it may be another than its owner, among whose searches its name is.
    IF EXISTS (SELECT 1
                 FROM saved_search
                WHERE workspace_id = p_workspace_id AND name = p_name AND NOT id <=> p_search_id
                  AND owner_id = COALESCE((SELECT changed.owner_id FROM saved_search AS changed WHERE changed.id = p_search_id),
                                          p_actor_id)) THEN
        CALL raise_error('search_exists', CONCAT('there is a search ', p_name), JSON_OBJECT('name', p_name));
    END IF;

    CALL _read_search(p_workspace_id, p_actor_id, p_filter, p_query, v_sort, v_condition);
    CALL _order_by(v_sort, NULL, v_column, v_order);

    IF @headgate_searches > 0 THEN
        CALL raise_error('invalid_request', 'a saved search does not stand on another',
                         JSON_OBJECT('errors', JSON_OBJECT('query', JSON_ARRAY('must not name another search'))));
    END IF;
END
