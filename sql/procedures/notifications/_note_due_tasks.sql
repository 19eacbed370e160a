CREATE PROCEDURE _note_due_tasks (
    IN p_workspace_id  BIGINT UNSIGNED,
    IN p_from_revision BIGINT UNSIGNED,
    IN p_to_revision   BIGINT UNSIGNED
)
    COMMENT '
Note when the tasks that were changed are due, for send_reminders.

In the transaction of the caller. What counts is how a task is now; later changes
bring it here again. A task with another date, or of somebody else, is told anew:
whoever knows already is not told twice.

Parameters
  p_workspace_id   the workspace
  p_from_revision  the last revision that was seen before
  p_to_revision    the last that is seen now

Result
  none
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_touched JSON;
    DECLARE v_done    JSON;

    SELECT JSON_ARRAYAGG(task_id)
      INTO v_touched
      FROM (SELECT DISTINCT task_id
              FROM change_log
             WHERE workspace_id = p_workspace_id AND revision > p_from_revision AND revision <= p_to_revision
               AND entity = 'task'
               AND (action <> 'update'
                    OR JSON_EXTRACT(old_row, '$.due_at', '$.status', '$.assignee_id', '$.assignee_team_id')
                       <> JSON_EXTRACT(new_row, '$.due_at', '$.status', '$.assignee_id', '$.assignee_team_id'))) AS touched;

    -- Found by a read of its own: a DELETE would lock the tasks, too.
    SELECT JSON_ARRAYAGG(touched.task_id)
      INTO v_done
      FROM JSON_TABLE(v_touched, '$[*]' COLUMNS (task_id BIGINT UNSIGNED PATH '$')) AS touched
      LEFT JOIN task ON task.id = touched.task_id
      LEFT JOIN node ON node.task_id = touched.task_id
     WHERE task.due_at IS NULL OR NOT COALESCE(node.is_open, FALSE);

    DELETE /*+ JOIN_FIXED_ORDER() */ reminder
      FROM JSON_TABLE(v_done, '$[*]' COLUMNS (task_id BIGINT UNSIGNED PATH '$')) AS done
      JOIN reminder ON reminder.task_id = done.task_id;

    INSERT INTO reminder (task_id, due_at)
    SELECT task_id, due_at
      FROM (SELECT task.id AS task_id, task.due_at
              FROM JSON_TABLE(v_touched, '$[*]' COLUMNS (task_id BIGINT UNSIGNED PATH '$')) AS touched
              JOIN task ON task.id = touched.task_id
              JOIN node ON node.task_id = touched.task_id
             WHERE task.due_at IS NOT NULL AND node.is_open) AS due_task
     ORDER BY task_id
        ON DUPLICATE KEY UPDATE due_at = due_task.due_at, told = 'nothing';
END
