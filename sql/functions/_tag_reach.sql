CREATE FUNCTION _tag_reach (
    p_names      JSON,
    p_comparison VARCHAR(8)
)
    RETURNS JSON
    COMMENT '
Say how far back the newest tasks reach that a term about tags finds: the farther, the
fewer it finds.

Of tags that a task must all have the rarest counts, otherwise the most frequent.

Parameters
  p_names       the tags
  p_comparison  all, or : or = for one of them

Result
  an array: the id of the hundredth newest task that has it, 0 where fewer have it, and
  which of the tags it is, from 1
'
    NOT DETERMINISTIC
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_nr     INT DEFAULT 0;
    DECLARE v_name   VARCHAR(64);
    DECLARE v_since  BIGINT UNSIGNED;
    DECLARE v_reach  BIGINT UNSIGNED;
    DECLARE v_leader INT;

    WHILE v_nr < JSON_LENGTH(p_names) DO
        SET v_name  = LEFT(JSON_UNQUOTE(JSON_EXTRACT(p_names, CONCAT('$[', v_nr, ']'))), 64),
            v_nr    = v_nr + 1,
            v_since = COALESCE((SELECT task_id
                                  FROM tag
                                 WHERE workspace_id = @headgate_workspace_id AND name = v_name
                                 ORDER BY task_id DESC
                                 LIMIT 99, 1), 0);

        IF v_reach IS NULL OR IF(p_comparison = 'all', v_since < v_reach, v_since > v_reach) THEN
            SET v_reach = v_since, v_leader = v_nr;
        END IF;
    END WHILE;

    RETURN JSON_ARRAY(v_reach, v_leader);
END
