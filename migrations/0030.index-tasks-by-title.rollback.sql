-- transactional: false

ALTER TABLE task
    DROP KEY task_title,
    ALGORITHM = INPLACE,
    LOCK = NONE;
