CREATE PROCEDURE _name_cycles ()
    COMMENT '
Put keys for the ids along the cycles that _insert_core noted.

Result
  none; staged_cycle holds them
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DROP TEMPORARY TABLE IF EXISTS staged_cycle;
    CREATE TEMPORARY TABLE staged_cycle (
        line           BIGINT UNSIGNED NOT NULL,
        task_key       VARCHAR(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_as_cs NULL,
        depends_on_key VARCHAR(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_as_cs NULL,
        cycle          JSON NOT NULL
    );

    INSERT INTO staged_cycle (line, task_key, depends_on_key, cycle)
    SELECT /*+ SET_VAR(group_concat_max_len = 1048576) */
           skip.line,
           SUBSTRING_INDEX(GROUP_CONCAT(COALESCE(staged_task.task_key, task.task_key) ORDER BY step.place SEPARATOR '\n'), '\n', 1),
           skip.depends_on_key,
           CAST(CONCAT('[', GROUP_CONCAT(JSON_QUOTE(COALESCE(staged_task.task_key, task.task_key, CONCAT('#', task.id)))
                                         ORDER BY step.place), ']') AS JSON)
      FROM staged_skip AS skip
      JOIN JSON_TABLE(skip.cycle_ids, '$[*]' COLUMNS (place FOR ORDINALITY, task_id BIGINT UNSIGNED PATH '$')) AS step
      JOIN task ON task.id = step.task_id
      LEFT JOIN staged_id ON staged_id.task_id = step.task_id
      LEFT JOIN staged_task ON staged_task.line = staged_id.line
     GROUP BY skip.line, skip.depends_on_key;
END
