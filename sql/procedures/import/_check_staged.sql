CREATE PROCEDURE _check_staged (
    IN p_workspace_id BIGINT UNSIGNED
)
    COMMENT '
Find out what the staged lines refer to, or refuse them with all that is wrong.

Parameters
  p_workspace_id  the workspace they are to go into

Result
  none

Errors
  import_refused  its facts hold the errors (the first 1,000, by line): line,
                  code and detail of each; and count, how many there are
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_errors JSON;
    DECLARE v_count  INT UNSIGNED;

    DROP TEMPORARY TABLE IF EXISTS staged_error;
    CREATE TEMPORARY TABLE staged_error (
        line   BIGINT UNSIGNED NOT NULL,
        code   VARCHAR(48) CHARACTER SET ascii NOT NULL,
        detail VARCHAR(512) CHARACTER SET utf8mb4 NOT NULL
    );

    INSERT INTO staged_error (line, code, detail)
    SELECT line, 'duplicate_key', CONCAT('key ', task_key, ' is on line ', first_line, ' already')
      FROM (SELECT line, task_key, MIN(line) OVER (PARTITION BY task_key) AS first_line FROM staged_task) AS keyed
     WHERE line > first_line;

    INSERT INTO staged_error (line, code, detail)
    SELECT staged_task.line, 'task_key_taken', CONCAT('key ', task.task_key, ' is taken by task ', task.id)
      FROM staged_task
      JOIN task ON task.workspace_id = p_workspace_id AND task.task_key = staged_task.task_key;

    INSERT INTO staged_error (line, code, detail)
    SELECT line, 'invalid_task', CONCAT('no status ', status)
      FROM staged_task
     WHERE status NOT IN (SELECT task_status.status FROM task_status);

    INSERT INTO staged_error (line, code, detail)
    SELECT line, 'invalid_task', CONCAT('no priority ', priority)
      FROM staged_task
     WHERE priority NOT IN (SELECT task_priority.priority FROM task_priority);

    UPDATE staged_task
      JOIN app_user ON app_user.username = staged_task.assignee
      JOIN membership ON membership.workspace_id = p_workspace_id AND membership.user_id = app_user.id
       SET staged_task.assignee_id = app_user.id;

    INSERT INTO staged_error (line, code, detail)
    SELECT line, 'member_not_found', CONCAT(assignee, ' is not a member of the workspace')
      FROM staged_task
     WHERE assignee IS NOT NULL AND assignee_id IS NULL;

    IF EXISTS (SELECT 1 FROM staged_task WHERE team IS NOT NULL) THEN
        UPDATE /*+ JOIN_FIXED_ORDER() */ team_role
          JOIN team ON team.id = team_role.team_id
          JOIN staged_task ON staged_task.team = team.name
           SET staged_task.assignee_team_id = team.id
         WHERE team_role.workspace_id = p_workspace_id;

        INSERT INTO staged_error (line, code, detail)
        SELECT line, 'team_not_found', CONCAT('no team ', team, ' has a role in the workspace')
          FROM staged_task
         WHERE team IS NOT NULL AND assignee_team_id IS NULL;

        INSERT INTO staged_error (line, code, detail)
        SELECT line, 'invalid_task', 'a task has an assignee or a team'
          FROM staged_task
         WHERE team IS NOT NULL AND assignee IS NOT NULL;
    END IF;

    -- A key of the file goes before one of the workspace: if it is both, it is
    -- an error already. So is a key that is on two lines; IGNORE takes the first.
    INSERT IGNORE INTO staged_edge (id, line, depends_on_line, depends_on_id, depends_on_open)
    SELECT given.id, given.line, prerequisite.line, IF(prerequisite.line IS NULL, known.id, NULL), task_status.is_open
      FROM staged_dependency AS given
      LEFT JOIN staged_task AS prerequisite ON prerequisite.task_key = given.depends_on_key
      LEFT JOIN task AS known ON known.workspace_id = p_workspace_id AND known.task_key = given.depends_on_key
      LEFT JOIN task_status ON task_status.status = COALESCE(prerequisite.status, known.status);

    INSERT INTO staged_error (line, code, detail)
    SELECT line, 'unknown_key', CONCAT('no task has the key ', given.depends_on_key)
      FROM staged_edge
      JOIN staged_dependency AS given USING (id, line)
     WHERE staged_edge.depends_on_line IS NULL AND staged_edge.depends_on_id IS NULL;

    INSERT INTO staged_error (line, code, detail)
    SELECT line, 'task_blocked', CONCAT('a completed task cannot wait for ', given.depends_on_key, ', which is open')
      FROM staged_task AS waiting
      JOIN staged_edge USING (line)
      JOIN staged_dependency AS given USING (id, line)
     WHERE waiting.status = 'completed' AND staged_edge.depends_on_open;

    SELECT COUNT(*) INTO v_count FROM staged_error;

    IF v_count > 0 THEN
        SELECT JSON_ARRAYAGG(JSON_OBJECT('line', line, 'code', code, 'detail', detail))
          INTO v_errors
          FROM (SELECT line, code, detail FROM staged_error ORDER BY line, code, detail LIMIT 1000) AS first_errors;

        CALL raise_error('import_refused',
                         CONCAT(v_count, ' errors, the first on line ', JSON_EXTRACT(v_errors, '$[0].line')),
                         JSON_OBJECT('count', v_count, 'errors', v_errors));
    END IF;

    DROP TEMPORARY TABLE staged_error;
END
