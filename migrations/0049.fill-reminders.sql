-- Nobody is told of all that is overdue already; what is due from now on is told.
-- transactional: false

INSERT IGNORE INTO reminder (task_id, due_at, told)
SELECT task.id, task.due_at, IF(task.due_at <= UTC_TIMESTAMP(), 'overdue', 'nothing')
  FROM task
  JOIN node ON node.task_id = task.id
 WHERE task.due_at IS NOT NULL AND node.is_open;
