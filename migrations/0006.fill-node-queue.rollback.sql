-- transactional: false

SET @headgate_deriving = 1;

UPDATE node SET is_pending = FALSE;

SET @headgate_deriving = NULL;
