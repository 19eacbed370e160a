CREATE PROCEDURE _insert_core (
    IN p_workspace_id BIGINT UNSIGNED,
    IN p_actor_id     BIGINT UNSIGNED
)
    COMMENT '
Add the marked staged dependencies one by one, and note each that closes a cycle.

A dependency that is left out closes a cycle with what is in; so no further one
can be added in the end.

Parameters
  p_workspace_id  the workspace, locked
  p_actor_id      the user who asks

Result
  none; staged_skip holds what was left out, with the ids along its cycle
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_line          BIGINT UNSIGNED;
    DECLARE v_task_id       BIGINT UNSIGNED;
    DECLARE v_depends_on_id BIGINT UNSIGNED;
    DECLARE v_key           VARCHAR(128);
    DECLARE v_is_done       BOOLEAN DEFAULT FALSE;

    -- A cursor, because each dependency is judged by those before it.
    DECLARE core CURSOR FOR
    SELECT edge.line, given.depends_on_key, staged_id.task_id, COALESCE(edge.depends_on_id, staged_prerequisite.task_id)
      FROM staged_edge AS edge
      JOIN staged_dependency AS given USING (id)
      JOIN staged_id ON staged_id.line = edge.line
      LEFT JOIN staged_prerequisite ON staged_prerequisite.line = edge.depends_on_line
     WHERE edge.is_core
     ORDER BY edge.id;
    DECLARE CONTINUE HANDLER FOR NOT FOUND SET v_is_done = TRUE;

    DROP TEMPORARY TABLE IF EXISTS staged_skip;
    CREATE TEMPORARY TABLE staged_skip (
        line           BIGINT UNSIGNED NOT NULL,
        depends_on_key VARCHAR(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_as_cs NULL,
        cycle_ids      JSON NOT NULL
    );

    OPEN core;

    attempt: LOOP
        FETCH core INTO v_line, v_key, v_task_id, v_depends_on_id;

        IF v_is_done THEN
            LEAVE attempt;
        END IF;

        BEGIN
            -- 50042 is dependency_cycle, refused before anything is written.
            DECLARE CONTINUE HANDLER FOR 50042
                INSERT INTO staged_skip (line, depends_on_key, cycle_ids)
                VALUES (v_line, v_key, JSON_EXTRACT(@headgate_error, '$.facts.path'));

            CALL _insert_dependency(p_workspace_id, v_task_id, v_depends_on_id, p_actor_id);
        END;
    END LOOP;

    CLOSE core;
END
