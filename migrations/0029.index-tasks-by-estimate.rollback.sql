-- transactional: false

ALTER TABLE task
    DROP KEY task_estimate,
    ALGORITHM = INPLACE,
    LOCK = NONE;
