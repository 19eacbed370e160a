CREATE PROCEDURE get_dependency_tree (
    IN p_actor_id  BIGINT UNSIGNED,
    IN p_task_id   BIGINT UNSIGNED,
    IN p_direction VARCHAR(10),
    IN p_depth     INT UNSIGNED
)
    COMMENT '
Show all that a task waits for, or all that waits for it, each task once.

Parameters
  p_actor_id   the user who asks; NULL for the one that the SQL login is bound to
  p_task_id    the task
  p_direction  upstream (what it waits for) or downstream (what waits for it)
  p_depth      how many steps away at most; NULL for any number

Result
  rows ordered by depth, then by task_id, the task itself first: task_id, parent_id
  (the neighbour one step nearer, the lowest id where there are several; NULL for the
  task itself), depth (the length of a shortest path, in steps), title, status,
  priority, readiness

Errors
  actor_not_allowed  the login may not ask for that user
  actor_required     the login may ask for any user and named none
  permission_denied  the role of the actor does not allow reading
  task_not_found     there is no such task for the actor
  invalid_request    the direction is neither of the two

Example
  CALL get_dependency_tree(NULL, 7, "upstream", NULL);
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_workspace_id BIGINT UNSIGNED;
    DECLARE v_depth        INT UNSIGNED DEFAULT 0;
    DECLARE v_wave         JSON DEFAULT JSON_ARRAY(p_task_id);

    CALL _find_task(p_actor_id, p_task_id, v_workspace_id);

    IF p_direction NOT IN ('upstream', 'downstream') OR p_direction IS NULL THEN
        CALL raise_error('invalid_request', 'the direction is upstream or downstream',
                         JSON_OBJECT('errors', JSON_OBJECT('direction', JSON_ARRAY('upstream or downstream'))));
    END IF;

    -- A recursive query visits each task once only while it carries nothing but
    -- the id. Depth and parent need the waves one by one, and a place to remember
    -- who has been reached: a temporary table, gone before anyone else sees it.
    DROP TEMPORARY TABLE IF EXISTS reached;
    CREATE TEMPORARY TABLE reached (
        task_id   BIGINT UNSIGNED NOT NULL,
        parent_id BIGINT UNSIGNED NULL,
        depth     INT UNSIGNED NOT NULL,
        PRIMARY KEY (task_id),
        KEY (depth)
    );
    INSERT INTO reached (task_id, parent_id, depth) VALUES (p_task_id, NULL, 0);

    wave: WHILE v_depth < COALESCE(p_depth, 4294967295) DO
        SET v_depth = v_depth + 1;

        IF p_direction = 'upstream' THEN
            INSERT IGNORE INTO reached (task_id, parent_id, depth)
            SELECT edge.depends_on_id, MIN(edge.task_id), v_depth
              FROM JSON_TABLE(v_wave, '$[*]' COLUMNS (task_id BIGINT UNSIGNED PATH '$')) AS wave
              JOIN dependency AS edge ON edge.workspace_id = v_workspace_id AND edge.task_id = wave.task_id
             GROUP BY edge.depends_on_id;
        ELSE
            INSERT IGNORE INTO reached (task_id, parent_id, depth)
            SELECT edge.task_id, MIN(edge.depends_on_id), v_depth
              FROM JSON_TABLE(v_wave, '$[*]' COLUMNS (task_id BIGINT UNSIGNED PATH '$')) AS wave
              JOIN dependency AS edge ON edge.workspace_id = v_workspace_id AND edge.depends_on_id = wave.task_id
             GROUP BY edge.task_id;
        END IF;

        SELECT JSON_ARRAYAGG(task_id) INTO v_wave FROM reached WHERE depth = v_depth;

        IF v_wave IS NULL THEN
            LEAVE wave;
        END IF;
    END WHILE;

    SELECT reached.task_id, reached.parent_id, reached.depth, task.title, task.status, task.priority, node.readiness
      FROM reached
      JOIN task ON task.id = reached.task_id
      JOIN node ON node.task_id = reached.task_id
     ORDER BY reached.depth, reached.task_id;

    DROP TEMPORARY TABLE reached;
END
