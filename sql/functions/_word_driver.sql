CREATE FUNCTION _word_driver (
    p_values     JSON,
    p_comparison VARCHAR(8),
    p_path       VARCHAR(64)
)
    RETURNS JSON
    COMMENT '
Say by which words to look up the tasks that a term about text finds.

Of a phrase by its rarest word; of several phrases of which all must hold, by the
rarest of all. Of words that begin alike up to 20,000 rows are counted.

Parameters
  p_values      what is looked for: values as _search_words gives them
  p_comparison  : or = for one of them, all for all of them
  p_path        where the first value stands in @headgate_values, without its number and ]

Result
  an array: about how many rows of task_word there are, whether these are of one word (1),
  and the conditions on task_word of which each task meets one; NULL if there are too
  many values to choose from
'
    NOT DETERMINISTIC
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_value     INT DEFAULT 0;
    DECLARE v_nr        INT;
    DECLARE v_phrase    JSON;
    DECLARE v_word      VARCHAR(64);
    DECLARE v_is_prefix BOOLEAN;
    DECLARE v_rows      INT;
    DECLARE v_fewest    INT;
    DECLARE v_exact     INT;
    DECLARE v_condition TEXT;
    DECLARE v_result    JSON;

    IF JSON_LENGTH(p_values) > 10 THEN
        RETURN NULL;
    END IF;

    WHILE v_value < JSON_LENGTH(p_values) DO
        SET v_phrase = JSON_EXTRACT(p_values, CONCAT('$[', v_value, ']')), v_nr = 0, v_fewest = NULL;

        WHILE v_nr < JSON_LENGTH(v_phrase, '$.words') DO
            SET v_word      = JSON_UNQUOTE(JSON_EXTRACT(v_phrase, CONCAT('$.words[', v_nr, ']'))),
                v_is_prefix = JSON_EXTRACT(v_phrase, '$.prefix') = 1 AND v_nr = JSON_LENGTH(v_phrase, '$.words') - 1;

            IF v_is_prefix THEN
                SELECT COUNT(*)
                  INTO v_rows
                  FROM (SELECT /*+ INDEX(task_word PRIMARY) */ 1
                          FROM task_word
                         WHERE workspace_id = @headgate_workspace_id AND word LIKE CONCAT(v_word, '%')
                         LIMIT 20000) AS counted;

                -- Where they stand in every twentieth, the order comes upon them soon enough.
                SELECT IF(v_rows * 20 > MAX(id) - MIN(id), 20000, v_rows)
                  INTO v_rows
                  FROM task
                 WHERE workspace_id = @headgate_workspace_id;
            ELSE
                SET v_rows = _word_rows(@headgate_workspace_id, v_word);
            END IF;

            -- Of two that are frequent, the whole word: its tasks stand there in order.
            IF v_fewest IS NULL OR v_rows < v_fewest OR v_rows = v_fewest AND NOT v_is_prefix AND NOT v_exact THEN
                SET v_fewest    = v_rows,
                    v_exact     = NOT v_is_prefix,
                    v_condition = _word_condition('task_word', CONCAT(p_path, v_value, ']'), v_nr, v_is_prefix);
            END IF;

            SET v_nr = v_nr + 1;
        END WHILE;

        SET v_result = CASE
                           WHEN v_result IS NULL THEN JSON_ARRAY(v_fewest, v_exact, v_condition)
                           WHEN p_comparison = 'all' AND v_fewest >= JSON_EXTRACT(v_result, '$[0]') THEN v_result
                           WHEN p_comparison = 'all' THEN JSON_ARRAY(v_fewest, v_exact, v_condition)
                           ELSE JSON_ARRAY_APPEND(JSON_SET(v_result, '$[0]', JSON_EXTRACT(v_result, '$[0]') + v_fewest, '$[1]', 0),
                                                  '$', v_condition)
                       END,
            v_value  = v_value + 1;
    END WHILE;

    RETURN v_result;
END
