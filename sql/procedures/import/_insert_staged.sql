CREATE PROCEDURE _insert_staged (
    IN p_workspace_id BIGINT UNSIGNED,
    IN p_actor_id     BIGINT UNSIGNED
)
    COMMENT '
Insert the staged tasks in their order, with tags, and all dependencies that
this order puts uphill.

New tasks are ranked by id, so inserting them in order is putting them in
order. What is not uphill then stays marked is_core.

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

    SELECT COALESCE(MAX(id), 0) INTO v_last_id FROM task WHERE workspace_id = p_workspace_id;

    -- From here on the guards still judge each row, but the derived rows are
    -- made by the statement instead of by the row, which is much of the time.
    -- Foreign keys are not asked for what was made or found under this lock.
    SET @headgate_deriving  = 2,
        @headgate_new_after = IF(EXISTS (SELECT 1 FROM staged_task WHERE status = 'completed'), NULL, v_last_id);

    INSERT /*+ SET_VAR(foreign_key_checks = OFF) */
      INTO task (workspace_id, task_key, title, description, status, priority,
                 assignee_id, assignee_team_id, estimate_minutes, due_at, created_by)
    SELECT p_workspace_id, IF(staged_task.task_key LIKE '#%', NULL, staged_task.task_key), staged_task.title,
           staged_task.description, staged_task.status, staged_task.priority, staged_task.assignee_id,
           staged_task.assignee_team_id, staged_task.estimate_minutes, staged_task.due_at, p_actor_id
      FROM staged_order
      JOIN staged_task ON staged_task.line = staged_order.line
     ORDER BY staged_order.place;

    -- Nobody else inserts into a locked workspace, so the new ids in their
    -- order are the lines in theirs.
    INSERT INTO staged_id (task_id, line)
    SELECT inserted.id, ordered.line
      FROM (SELECT id, ROW_NUMBER() OVER (ORDER BY id) AS place
              FROM task
             WHERE workspace_id = p_workspace_id AND id > v_last_id) AS inserted
      JOIN (SELECT line, ROW_NUMBER() OVER (ORDER BY place) AS place FROM staged_order) AS ordered USING (place);

    INSERT INTO staged_prerequisite (line, task_id) SELECT line, task_id FROM staged_id;

    -- By luck many marked ones go uphill, too; and a task of the workspace may
    -- have been lifted above the new ones.
    UPDATE staged_edge AS edge
      JOIN staged_id ON staged_id.line = edge.line
      LEFT JOIN staged_prerequisite ON staged_prerequisite.line = edge.depends_on_line
      LEFT JOIN node AS known ON known.task_id = edge.depends_on_id
       SET edge.is_core = NOT edge.is_core
     WHERE edge.is_core = (COALESCE(known.topo_rank, staged_prerequisite.task_id * _rank_spacing())
                           < staged_id.task_id * _rank_spacing());

    INSERT INTO node (task_id, workspace_id, topo_rank, waiting_for, is_open, is_pending, priority_rank)
    SELECT staged_id.task_id, p_workspace_id, staged_id.task_id * _rank_spacing(), COALESCE(counted.open_prerequisites, 0),
           task_status.is_open, staged_task.status = 'pending', task_priority.sort_order
      FROM staged_id
      JOIN staged_task ON staged_task.line = staged_id.line
      JOIN task_status ON task_status.status = staged_task.status
      JOIN task_priority ON task_priority.priority = staged_task.priority
      LEFT JOIN (SELECT line, COUNT(*) AS open_prerequisites
                   FROM staged_edge
                  WHERE depends_on_open AND NOT is_core
                  GROUP BY line) AS counted ON counted.line = staged_id.line
     ORDER BY staged_id.task_id;

    CALL _derive_words(p_workspace_id, v_last_id + 1, (SELECT MAX(task_id) FROM staged_id));

    INSERT /*+ SET_VAR(foreign_key_checks = OFF) */
      INTO change_log (workspace_id, revision, actor_id, entity, action, task_id, new_row)
    SELECT p_workspace_id, v_revision + ROW_NUMBER() OVER (ORDER BY id), p_actor_id, 'task', 'insert', id,
           JSON_OBJECT('task_key', task_key, 'title', title, 'status', status, 'priority', priority,
                       'assignee_id', assignee_id, 'assignee_team_id', assignee_team_id,
                       'estimate_minutes', estimate_minutes, 'due_at', due_at, 'description', description)
      FROM task
     WHERE workspace_id = p_workspace_id AND id > v_last_id;
    SET v_revision = v_revision + ROW_COUNT();

    INSERT INTO tag (workspace_id, task_id, name)
    SELECT p_workspace_id, staged_id.task_id, staged_tag.name
      FROM staged_id
      JOIN staged_tag ON staged_tag.line = staged_id.line;

    INSERT INTO change_log (workspace_id, revision, actor_id, entity, action, task_id, new_row)
    SELECT p_workspace_id, v_revision + ROW_NUMBER() OVER (ORDER BY task_id, name), p_actor_id, 'tag', 'insert', task_id,
           JSON_OBJECT('name', name)
      FROM tag
     WHERE workspace_id = p_workspace_id AND task_id > v_last_id;
    SET v_revision = v_revision + ROW_COUNT();

    INSERT /*+ SET_VAR(foreign_key_checks = OFF) */
      INTO dependency (workspace_id, task_id, depends_on_id, created_by)
    SELECT p_workspace_id, staged_id.task_id, COALESCE(edge.depends_on_id, staged_prerequisite.task_id), p_actor_id
      FROM staged_edge AS edge
      JOIN staged_id ON staged_id.line = edge.line
      LEFT JOIN staged_prerequisite ON staged_prerequisite.line = edge.depends_on_line
     WHERE NOT edge.is_core
     ORDER BY 2, 3;

    INSERT /*+ SET_VAR(foreign_key_checks = OFF) */
      INTO change_log (workspace_id, revision, actor_id, entity, action, task_id, depends_on_id)
    SELECT p_workspace_id, v_revision + ROW_NUMBER() OVER (ORDER BY task_id, depends_on_id), p_actor_id,
           'dependency', 'insert', task_id, depends_on_id
      FROM dependency
     WHERE workspace_id = p_workspace_id AND task_id > v_last_id;

    SET @headgate_deriving = NULL, @headgate_new_after = NULL;
END
