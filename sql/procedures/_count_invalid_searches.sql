CREATE PROCEDURE _count_invalid_searches (
    IN  p_workspace_id BIGINT UNSIGNED,
    OUT p_invalid      INT UNSIGNED
)
    COMMENT '
Count the saved searches of a workspace that cannot be read any more.

Because the language changed since, or a name in them is gone.

Parameters
  p_workspace_id  the workspace
  p_invalid       how many

Result
  none
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_search_id BIGINT UNSIGNED DEFAULT 0;
    DECLARE v_owner_id  BIGINT UNSIGNED;
    DECLARE v_query     TEXT;
    DECLARE v_filter    JSON;
    DECLARE v_sort      VARCHAR(64);
    DECLARE v_condition LONGTEXT;

    SET p_invalid = 0;

    every: LOOP
        SELECT MIN(id) INTO v_search_id FROM saved_search WHERE workspace_id = p_workspace_id AND id > v_search_id;

        IF v_search_id IS NULL THEN
            LEAVE every;
        END IF;

        SELECT owner_id, query, filter INTO v_owner_id, v_query, v_filter FROM saved_search WHERE id = v_search_id;

        BEGIN
            DECLARE EXIT HANDLER FOR SQLEXCEPTION SET p_invalid = p_invalid + 1;
            SET v_sort = NULL;
            CALL _read_search(p_workspace_id, v_owner_id, v_filter, v_query, v_sort, v_condition);
        END;
    END LOOP;
END
