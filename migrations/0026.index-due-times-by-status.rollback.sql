-- transactional: false

ALTER TABLE task
    DROP KEY task_status_due,
    ALGORITHM = INPLACE,
    LOCK = NONE;
