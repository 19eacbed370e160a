-- transactional: false

ALTER TABLE task
    DROP KEY task_started,
    ALGORITHM = INPLACE,
    LOCK = NONE;
