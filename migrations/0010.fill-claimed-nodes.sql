-- Claims that were there before. The guard of node has to be told who writes it.
-- transactional: false

SET @headgate_deriving = 1;

UPDATE node
  JOIN claim ON claim.task_id = node.task_id
   SET node.is_claimed = TRUE;

SET @headgate_deriving = NULL;
