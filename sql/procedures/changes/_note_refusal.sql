CREATE PROCEDURE _note_refusal (
    IN p_place INT UNSIGNED
)
    COMMENT '
Note the last refusal as that of a staged change.

Ids of tasks that the batch creates mean nothing to the caller, for they are never
committed; so the keys of these tasks take their place.

Parameters
  p_place  the index of the change

Result
  none; change_error holds it
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_code    VARCHAR(48)  DEFAULT JSON_UNQUOTE(JSON_EXTRACT(@headgate_error, '$.code'));
    DECLARE v_detail  VARCHAR(512) DEFAULT JSON_UNQUOTE(JSON_EXTRACT(@headgate_error, '$.detail'));
    DECLARE v_facts   JSON         DEFAULT JSON_EXTRACT(@headgate_error, '$.facts');
    DECLARE v_path    JSON;
    DECLARE v_changes JSON;
    DECLARE v_name    VARCHAR(128);
    DECLARE v_task_id BIGINT UNSIGNED;
    DECLARE v_is_done BOOLEAN DEFAULT FALSE;

    -- A cursor: each name is put into the text that the one before has left.
    DECLARE named CURSOR FOR
    SELECT change_name.name, change_name.task_id
      FROM (SELECT task_id FROM JSON_TABLE(v_facts, '$' COLUMNS (task_id BIGINT UNSIGNED PATH '$.task_id')) AS fact
             UNION
            SELECT task_id FROM JSON_TABLE(v_facts, '$' COLUMNS (task_id BIGINT UNSIGNED PATH '$.depends_on_id')) AS fact
             UNION
            SELECT task_id FROM JSON_TABLE(v_facts, '$.*[*]' COLUMNS (task_id BIGINT UNSIGNED PATH '$.task_id')) AS fact
             UNION
            SELECT task_id FROM JSON_TABLE(v_facts, '$.path[*]' COLUMNS (task_id BIGINT UNSIGNED PATH '$')) AS fact) AS told
      JOIN change_name ON change_name.task_id = told.task_id;
    DECLARE CONTINUE HANDLER FOR NOT FOUND SET v_is_done = TRUE;

    -- The task of a create is undone already, and it is told of only when the gate refuses it.
    SELECT change_name.name
      INTO v_name
      FROM change_name
     WHERE change_name.place = p_place AND v_code = 'task_blocked';

    SET v_is_done = FALSE;

    IF v_name IS NOT NULL THEN
        SET v_detail = REPLACE(v_detail, CONCAT('task ', JSON_EXTRACT(v_facts, '$.task_id'), ' '), CONCAT('task ', v_name, ' ')),
            v_facts  = JSON_SET(v_facts, '$.task_id', v_name);
    END IF;

    IF v_code = 'dependency_cycle' THEN
        -- For each step of the path the change that it comes from; null for what was there before.
        SELECT JSON_ARRAYAGG(place)
          INTO v_changes
          FROM (SELECT IF(step.number = 1, p_place, MIN(change_edge.place)) AS place
                  FROM (SELECT number, task_id, LEAD(task_id) OVER (ORDER BY number) AS depends_on_id
                          FROM JSON_TABLE(v_facts, '$.path[*]' COLUMNS (
                                   number  FOR ORDINALITY,
                                   task_id BIGINT UNSIGNED PATH '$')) AS listed) AS step
                  LEFT JOIN change_edge ON change_edge.task_id = step.task_id AND change_edge.depends_on_id = step.depends_on_id
                 WHERE step.depends_on_id IS NOT NULL
                 GROUP BY step.number
                 ORDER BY step.number
                 LIMIT 1000) AS steps;

        SELECT JSON_ARRAYAGG(IF(name IS NULL, CAST(task_id AS JSON), CAST(JSON_QUOTE(name) AS JSON)))
          INTO v_path
          FROM (SELECT step.task_id, change_name.name
                  FROM JSON_TABLE(v_facts, '$.path[*]' COLUMNS (
                           number  FOR ORDINALITY,
                           task_id BIGINT UNSIGNED PATH '$')) AS step
                  LEFT JOIN change_name ON change_name.task_id = step.task_id
                 ORDER BY step.number
                 LIMIT 1001) AS steps;
    END IF;

    OPEN named;

    rename_each: LOOP
        FETCH named INTO v_name, v_task_id;

        IF v_is_done THEN
            LEAVE rename_each;
        END IF;

        SET v_detail = REGEXP_REPLACE(v_detail, CONCAT('\\b', v_task_id, '\\b'),
                                      REPLACE(REPLACE(v_name, '\\', '\\\\'), '$', '\\$')),
            v_facts  = CAST(REGEXP_REPLACE(CAST(v_facts AS CHAR), CONCAT('("(?:task|depends_on)_id": )', v_task_id, '\\b'),
                                           CONCAT('$1', REPLACE(REPLACE(JSON_QUOTE(v_name), '\\', '\\\\'), '$', '\\$'))) AS JSON);
    END LOOP;

    CLOSE named;

    IF v_path IS NOT NULL THEN
        SET v_facts = JSON_SET(v_facts, '$.path', v_path, '$.changes', v_changes);
    END IF;

    INSERT INTO change_error (place, code, detail, facts) VALUES (p_place, v_code, LEFT(v_detail, 512), v_facts);
END
