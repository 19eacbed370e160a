-- transactional: false

ALTER TABLE task
    DROP KEY task_by_priority,
    ALGORITHM = INPLACE,
    LOCK = NONE;
