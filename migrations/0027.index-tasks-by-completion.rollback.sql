-- transactional: false

ALTER TABLE task
    DROP KEY task_completed,
    ALGORITHM = INPLACE,
    LOCK = NONE;
