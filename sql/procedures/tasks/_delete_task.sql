CREATE PROCEDURE _delete_task (
    IN p_workspace_id BIGINT UNSIGNED,
    IN p_task_id      BIGINT UNSIGNED,
    IN p_mode         VARCHAR(8),
    IN p_actor_id     BIGINT UNSIGNED
)
    COMMENT '
Delete a task with its tags, comments, attachments and dependencies, in a transaction that holds the workspace lock.

Parameters
  p_workspace_id  the workspace of the task
  p_task_id       the task
  p_mode          as for delete_task
  p_actor_id      the user who asks

Result
  none

Errors
  invalid_task         the mode is neither refuse nor splice
  task_has_dependents  other tasks wait for it and the mode is refuse
  task_blocked         splicing would make a completed task wait for an open one
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_dependents JSON;

    CASE p_mode
        WHEN 'splice' THEN
            -- Uphill already: what the task waits for is ranked below it, what
            -- waits for it above.
            INSERT INTO dependency (workspace_id, task_id, depends_on_id, created_by)
            SELECT p_workspace_id, downstream.task_id, upstream.depends_on_id, p_actor_id
              FROM dependency AS downstream
              JOIN dependency AS upstream
                ON upstream.workspace_id = p_workspace_id AND upstream.task_id = p_task_id
              LEFT JOIN dependency AS known
                ON known.workspace_id = p_workspace_id AND known.task_id = downstream.task_id
                   AND known.depends_on_id = upstream.depends_on_id
             WHERE downstream.workspace_id = p_workspace_id AND downstream.depends_on_id = p_task_id
               AND known.task_id IS NULL;

            DELETE FROM dependency WHERE workspace_id = p_workspace_id AND depends_on_id = p_task_id;
        WHEN 'refuse' THEN
            SELECT JSON_ARRAYAGG(JSON_OBJECT('task_id', id, 'title', title))
              INTO v_dependents
              FROM (SELECT task.id, task.title
                      FROM dependency AS edge
                      JOIN task ON task.id = edge.task_id
                     WHERE edge.workspace_id = p_workspace_id AND edge.depends_on_id = p_task_id
                     LIMIT 20) AS dependent;

            IF v_dependents IS NOT NULL THEN
                CALL raise_error('task_has_dependents',
                                 CONCAT('tasks wait for task ', p_task_id, ': ', JSON_EXTRACT(v_dependents, '$[*].task_id')),
                                 JSON_OBJECT('task_id', p_task_id, 'dependents', v_dependents));
            END IF;
        ELSE
            CALL raise_error('invalid_task', CONCAT('no way to delete called ', COALESCE(p_mode, 'NULL')),
                             JSON_OBJECT('errors', JSON_OBJECT('mode', JSON_ARRAY('refuse or splice'))));
    END CASE;

    DELETE FROM dependency WHERE workspace_id = p_workspace_id AND task_id = p_task_id;
    DELETE FROM tag WHERE workspace_id = p_workspace_id AND task_id = p_task_id;
    DELETE FROM attachment WHERE workspace_id = p_workspace_id AND task_id = p_task_id;
    DELETE FROM comment WHERE workspace_id = p_workspace_id AND task_id = p_task_id;
    DELETE FROM task WHERE id = p_task_id;
END
