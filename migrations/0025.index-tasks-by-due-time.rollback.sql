-- transactional: false

ALTER TABLE task
    DROP KEY task_due,
    ALGORITHM = INPLACE,
    LOCK = NONE;
