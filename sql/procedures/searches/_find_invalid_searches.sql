CREATE PROCEDURE _find_invalid_searches (
    IN  p_workspace_id BIGINT UNSIGNED,
    OUT p_searches     JSON
)
    COMMENT '
Find the saved searches that cannot be read any more.

Because the language changed since, or a name in them is gone.

Parameters
  p_workspace_id  of which workspace; NULL for all
  p_searches      an array of their ids

Result
  none
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_search_id    BIGINT UNSIGNED DEFAULT 0;
    DECLARE v_workspace_id BIGINT UNSIGNED;
    DECLARE v_owner_id     BIGINT UNSIGNED;
    DECLARE v_query        TEXT;
    DECLARE v_filter       JSON;
    DECLARE v_sort         VARCHAR(64);
    DECLARE v_condition    LONGTEXT;

    SET p_searches = JSON_ARRAY();

    every: LOOP
        SET v_search_id = IF(p_workspace_id IS NULL,
                             (SELECT MIN(id) FROM saved_search WHERE id > v_search_id),
                             (SELECT MIN(id) FROM saved_search WHERE workspace_id = p_workspace_id AND id > v_search_id));

        IF v_search_id IS NULL THEN
            LEAVE every;
        END IF;

        SELECT workspace_id, owner_id, query, filter
          INTO v_workspace_id, v_owner_id, v_query, v_filter
          FROM saved_search
         WHERE id = v_search_id;

        BEGIN
            DECLARE EXIT HANDLER FOR SQLEXCEPTION SET p_searches = JSON_ARRAY_APPEND(p_searches, '$', v_search_id);
            SET v_sort = NULL;
            CALL _read_search(v_workspace_id, v_owner_id, v_filter, v_query, v_sort, v_condition);
        END;
    END LOOP;
END
