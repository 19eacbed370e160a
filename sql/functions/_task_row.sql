CREATE FUNCTION _task_row (
    p_task_key         VARCHAR(128),
    p_title            VARCHAR(200),
    p_status           VARCHAR(16),
    p_priority         VARCHAR(16),
    p_assignee_id      BIGINT UNSIGNED,
    p_estimate_minutes INT UNSIGNED,
    p_due_at           DATETIME
)
    RETURNS JSON
    COMMENT '
Put the columns of a task that the change log always keeps into one object.

The description is left out: it is long, so the triggers add it only where it
changed.

Parameters
  p_task_key          task.task_key
  p_title             task.title
  p_status            task.status
  p_priority          task.priority
  p_assignee_id       task.assignee_id
  p_estimate_minutes  task.estimate_minutes
  p_due_at            task.due_at

Result
  an object with one member for each
'
    DETERMINISTIC
    NO SQL
    SQL SECURITY DEFINER
RETURN JSON_OBJECT('task_key', p_task_key, 'title', p_title, 'status', p_status, 'priority', p_priority,
                   'assignee_id', p_assignee_id, 'estimate_minutes', p_estimate_minutes, 'due_at', p_due_at)
