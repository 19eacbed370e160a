CREATE PROCEDURE _add_dependencies (
    IN p_workspace_id BIGINT UNSIGNED,
    IN p_task_id      BIGINT UNSIGNED,
    IN p_depends_on   JSON,
    IN p_actor_id     BIGINT UNSIGNED
)
    COMMENT '
Make a task wait for several others, those it waits for already included.

First the tasks are put in order one by one, then the dependencies go in
together: placing a task after one prerequisite never lifts another above it.

Parameters
  p_workspace_id  the workspace of the task
  p_task_id       the task that waits
  p_depends_on    an array of the ids of the tasks it waits for
  p_actor_id      the user who asks

Result
  none

Errors
  task_not_found                a prerequisite does not exist for the actor
  dependency_across_workspaces  a prerequisite is in another workspace of the actor
  dependency_cycle              a prerequisite already waits for the task
  task_blocked                  the task is completed, a prerequisite is open
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_depends_on_id BIGINT UNSIGNED;
    DECLARE v_workspace_id  BIGINT UNSIGNED;

    SELECT wanted.task_id, node.workspace_id
      INTO v_depends_on_id, v_workspace_id
      FROM JSON_TABLE(p_depends_on, '$[*]' COLUMNS (task_id BIGINT UNSIGNED PATH '$')) AS wanted
      LEFT JOIN node ON node.task_id = wanted.task_id
     WHERE NOT node.workspace_id <=> p_workspace_id
     ORDER BY wanted.task_id
     LIMIT 1;

    IF v_depends_on_id IS NOT NULL THEN
        CALL _authorize(p_actor_id, v_workspace_id, v_depends_on_id, 'read');
        CALL raise_error('dependency_across_workspaces',
                         CONCAT('task ', v_depends_on_id, ' is in another workspace'),
                         JSON_OBJECT('depends_on_id', v_depends_on_id));
    END IF;

    place: LOOP
        SELECT MIN(prerequisite.task_id)
          INTO v_depends_on_id
          FROM JSON_TABLE(p_depends_on, '$[*]' COLUMNS (task_id BIGINT UNSIGNED PATH '$')) AS wanted
          JOIN node AS prerequisite ON prerequisite.task_id = wanted.task_id
          JOIN node AS waiting ON waiting.task_id = p_task_id
         WHERE prerequisite.topo_rank >= waiting.topo_rank;

        IF v_depends_on_id IS NULL THEN
            LEAVE place;
        END IF;

        CALL _place_after(p_workspace_id, p_task_id, v_depends_on_id);
    END LOOP;

    INSERT INTO dependency (workspace_id, task_id, depends_on_id, created_by)
    SELECT p_workspace_id, p_task_id, wanted.task_id, p_actor_id
      FROM JSON_TABLE(p_depends_on, '$[*]' COLUMNS (task_id BIGINT UNSIGNED PATH '$')) AS wanted
      LEFT JOIN dependency AS known
        ON known.workspace_id = p_workspace_id AND known.task_id = p_task_id AND known.depends_on_id = wanted.task_id
     WHERE known.task_id IS NULL;
END
