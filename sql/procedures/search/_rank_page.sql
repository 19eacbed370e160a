CREATE PROCEDURE _rank_page (
    IN p_condition LONGTEXT,
    IN p_order     TEXT,
    IN p_after     JSON
)
    COMMENT '
Find a page of the tasks that a search finds, by how much they say of its words.

The newest 250, of phrases 100, are ranked, then as many before them, and so on: where more
are found, nobody reads to the end, and whoever would rank them all would have to read
them all. A place in the list says between which ids they lie, so that new tasks
move nobody from one page to another.

Takes what _compile_filter has left in @headgate_values, and @headgate_skip and
@headgate_limit; leaves the page in @headgate_page.

Parameters
  p_condition  as _compile_filter gives it
  p_order      as _order_by gives it
  p_after      as for list_tasks

Result
  none
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_score     LONGTEXT;
    DECLARE v_statement LONGTEXT;
    DECLARE v_limit     BIGINT UNSIGNED DEFAULT @headgate_limit;
    DECLARE v_is_last   BOOLEAN;
    -- Of a phrase many more have the words than have them side by side.
    DECLARE v_block     INT DEFAULT IF(JSON_SEARCH(@headgate_values, 'one', 'words', NULL, '$[*].values[*].form') IS NULL, 250, 100);

    -- Of each word what it says about the task, of the beginning of a word the most that one says.
    SELECT /*+ SET_VAR(group_concat_max_len = 4194304) */
           GROUP_CONCAT(CONCAT('COALESCE((SELECT MAX(said.weight) FROM task_word AS said',
                               IF(is_prefix AND nr = count, ' FORCE INDEX (task_word_of_task)', ''),
                               ' WHERE said.workspace_id = @headgate_workspace_id AND said.task_id = page.id AND ',
                               _word_condition('said', CONCAT('$[', place - 1, '].values[', value - 1, ']'), nr - 1,
                                               is_prefix AND nr = count), '), 0)') SEPARATOR ' + ')
      INTO v_score
      FROM (SELECT listed.*, COUNT(*) OVER (PARTITION BY place, value) AS count
              FROM JSON_TABLE(@headgate_values, '$[*]' COLUMNS (
                       place FOR ORDINALITY,
                       field VARCHAR(64) PATH '$.field',
                       NESTED PATH '$.values[*]' COLUMNS (
                           value     FOR ORDINALITY,
                           is_prefix BOOLEAN PATH '$.prefix',
                           NESTED PATH '$.words[*]' COLUMNS (nr FOR ORDINALITY)))) AS listed
             WHERE field = 'text' AND nr IS NOT NULL) AS word;

    SET @headgate_none   = 0, @headgate_block = IF(p_after IS NULL, v_block, 1000), @headgate_page = '[]',
        @headgate_newest = COALESCE(JSON_EXTRACT(p_after, '$[0][1]'), 4398046511104),
        @headgate_oldest = COALESCE(JSON_EXTRACT(p_after, '$[0][2]'), 0);
    CALL _page_statement(p_condition, 'task.id', p_order, 1000, v_statement);
    SET @headgate_statement = CONCAT('
        SELECT /*+ SET_VAR(cte_max_recursion_depth = 4294967295)
                   SET_VAR(optimizer_switch = ''index_merge_intersection=off'') */
               COALESCE(JSON_ARRAYAGG(JSON_ARRAY(JSON_ARRAY(score, newest, oldest), id)), JSON_ARRAY()), COALESCE(MAX(found), 0),
               COALESCE(MAX(oldest), @headgate_oldest)
          INTO @headgate_ranked, @headgate_found, @headgate_oldest
          FROM (SELECT page.id, CAST(', v_score, ' AS UNSIGNED) AS score, COUNT(*) OVER () AS found, MIN(page.id) OVER () AS oldest,
                       MAX(page.id) OVER () AS newest
                  FROM (', v_statement, ') AS page
                 ORDER BY score DESC, page.id DESC
                 LIMIT 1000) AS ranked');
    PREPARE page_of_tasks FROM @headgate_statement;

    REPEAT
        EXECUTE page_of_tasks USING @headgate_none, @headgate_block;

        -- Those that a place lies among may have become fewer, or more, but others follow them.
        SET v_is_last = p_after IS NULL AND @headgate_found < @headgate_block, @headgate_block = v_block;

        -- The page begins behind its place, or behind so many rows.
        IF p_after IS NOT NULL THEN
            SELECT COUNT(*)
              INTO @headgate_behind
              FROM JSON_TABLE(@headgate_ranked, '$[*]' COLUMNS (
                       score INT UNSIGNED PATH '$[0][0]', id BIGINT UNSIGNED PATH '$[1]')) AS ranked
             WHERE score > JSON_EXTRACT(p_after, '$[0][0]')
                OR score = JSON_EXTRACT(p_after, '$[0][0]') AND id >= JSON_EXTRACT(p_after, '$[1]');
            SET @headgate_skip = @headgate_skip + @headgate_behind, p_after = NULL;
        END IF;

        IF @headgate_skip < JSON_LENGTH(@headgate_ranked) THEN
            SET @headgate_page = JSON_MERGE_PRESERVE(
                    @headgate_page,
                    JSON_EXTRACT(@headgate_ranked, CONCAT('$[', @headgate_skip, ' to ',
                                                          @headgate_skip + v_limit - JSON_LENGTH(@headgate_page) - 1, ']')));
        END IF;

        SET @headgate_skip   = GREATEST(CAST(@headgate_skip AS SIGNED) - JSON_LENGTH(@headgate_ranked), 0),
            @headgate_newest = GREATEST(@headgate_oldest, 1) - 1, @headgate_oldest = 0;
    UNTIL v_is_last OR JSON_LENGTH(@headgate_page) >= v_limit
    END REPEAT;

    DEALLOCATE PREPARE page_of_tasks;
END
