-- Tasks that were there before the queue. Its guard has to be told who writes it.
-- transactional: false

SET @headgate_deriving = 1;

UPDATE node
  JOIN task ON task.id = node.task_id
   SET node.is_pending = TRUE
 WHERE task.status = 'pending';

SET @headgate_deriving = NULL;
