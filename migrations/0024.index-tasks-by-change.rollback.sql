-- transactional: false

ALTER TABLE task
    DROP KEY task_updated,
    ALGORITHM = INPLACE,
    LOCK = NONE;
