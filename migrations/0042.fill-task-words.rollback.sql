-- transactional: false

SET @headgate_deriving = 1, SESSION transaction_isolation = 'READ-COMMITTED';

DELETE FROM task_word;

SET @headgate_deriving = NULL, SESSION transaction_isolation = DEFAULT;
