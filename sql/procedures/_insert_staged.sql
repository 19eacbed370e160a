CREATE PROCEDURE _insert_staged (
    IN p_workspace_id BIGINT UNSIGNED,
    IN p_actor_id     BIGINT UNSIGNED
)
    COMMENT '
Insert the staged tasks in their order, with tags, and all dependencies that
this order puts uphill.

New tasks are ranked by id, so inserting them in order is putting them in
order. What is not uphill then is marked is_core: the core of the file, and
tasks of the workspace that were lifted above the new ones.

Parameters
  p_workspace_id  the workspace, locked
  p_actor_id      the user who asks

Result
  none
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_last_id  BIGINT UNSIGNED;
    DECLARE v_revision BIGINT UNSIGNED DEFAULT _revision(p_workspace_id);

    -- From here on the guards still judge each row, but the derived rows are
    -- made by the statement instead of by the row, which is much of the time.
    SET @headgate_deriving = 2;

    SELECT COALESCE(MAX(id), 0) INTO v_last_id FROM task WHERE workspace_id = p_workspace_id;

    INSERT INTO task (workspace_id, task_key, title, description, status, priority,
                      assignee_id, estimate_minutes, due_at, created_by)
    SELECT p_workspace_id, IF(staged_task.task_key LIKE '#%', NULL, staged_task.task_key), staged_task.title,
           staged_task.description, staged_task.status, staged_task.priority, staged_task.assignee_id,
           staged_task.estimate_minutes, staged_task.due_at, p_actor_id
      FROM staged_order
      JOIN staged_task ON staged_task.line = staged_order.line
     ORDER BY staged_order.place;

    -- Nobody else inserts into a locked workspace, so the new ids in their
    -- order are the lines in theirs.
    UPDATE staged_order
      JOIN (SELECT id, ROW_NUMBER() OVER (ORDER BY id) AS place
              FROM task
             WHERE workspace_id = p_workspace_id AND id > v_last_id) AS inserted ON inserted.place = staged_order.place
       SET staged_order.task_id = inserted.id;

    INSERT INTO node (task_id, workspace_id, topo_rank, is_open, priority_rank)
    SELECT task.id, p_workspace_id, task.id * _rank_spacing(), task_status.is_open, task_priority.sort_order
      FROM task
      JOIN task_status ON task_status.status = task.status
      JOIN task_priority ON task_priority.priority = task.priority
     WHERE task.workspace_id = p_workspace_id AND task.id > v_last_id;

    INSERT INTO change_log (workspace_id, revision, actor_id, entity, action, task_id, new_row)
    SELECT p_workspace_id, v_revision + ROW_NUMBER() OVER (ORDER BY id), p_actor_id, 'task', 'insert', id,
           JSON_INSERT(_task_row(task_key, title, status, priority, assignee_id, estimate_minutes, due_at),
                       '$.description', description)
      FROM task
     WHERE workspace_id = p_workspace_id AND id > v_last_id;
    SET v_revision = v_revision + ROW_COUNT();

    UPDATE staged_dependency AS edge
      JOIN staged_order ON staged_order.line = edge.line
       SET edge.task_id = staged_order.task_id;

    UPDATE staged_dependency AS edge
      JOIN staged_order ON staged_order.line = edge.depends_on_line
       SET edge.depends_on_id = staged_order.task_id;

    UPDATE staged_dependency AS edge
      JOIN node AS waiting ON waiting.task_id = edge.task_id
      JOIN node AS prerequisite ON prerequisite.task_id = edge.depends_on_id
       SET edge.is_core = TRUE
     WHERE prerequisite.topo_rank >= waiting.topo_rank;

    INSERT INTO tag (workspace_id, task_id, name)
    SELECT p_workspace_id, staged_order.task_id, staged_tag.name
      FROM staged_order
      JOIN staged_tag ON staged_tag.line = staged_order.line;

    INSERT INTO change_log (workspace_id, revision, actor_id, entity, action, task_id, new_row)
    SELECT p_workspace_id, v_revision + ROW_NUMBER() OVER (ORDER BY task_id, name), p_actor_id, 'tag', 'insert', task_id,
           JSON_OBJECT('name', name)
      FROM tag
     WHERE workspace_id = p_workspace_id AND task_id > v_last_id;
    SET v_revision = v_revision + ROW_COUNT();

    INSERT INTO dependency (workspace_id, task_id, depends_on_id, created_by)
    SELECT p_workspace_id, task_id, depends_on_id, p_actor_id
      FROM staged_dependency
     WHERE NOT is_core
     ORDER BY task_id, depends_on_id;

    INSERT INTO change_log (workspace_id, revision, actor_id, entity, action, task_id, depends_on_id)
    SELECT p_workspace_id, v_revision + ROW_NUMBER() OVER (ORDER BY task_id, depends_on_id), p_actor_id,
           'dependency', 'insert', task_id, depends_on_id
      FROM dependency
     WHERE workspace_id = p_workspace_id AND task_id > v_last_id;

    UPDATE node
      JOIN (SELECT edge.task_id, COUNT(*) AS open_prerequisites
              FROM dependency AS edge
              JOIN node AS prerequisite ON prerequisite.task_id = edge.depends_on_id
             WHERE edge.workspace_id = p_workspace_id AND edge.task_id > v_last_id AND prerequisite.is_open
             GROUP BY edge.task_id) AS counted ON counted.task_id = node.task_id
       SET node.waiting_for = counted.open_prerequisites;

    SET @headgate_deriving = NULL;
END
