-- transactional: false

SET @headgate_deriving = 1;

UPDATE node SET is_claimed = FALSE WHERE is_claimed;

SET @headgate_deriving = NULL;
