-- transactional: false

ALTER TABLE task
    DROP KEY task_creator,
    ADD KEY task_creator (created_by) COMMENT 'serves its foreign key',
    ALGORITHM = INPLACE,
    LOCK = NONE;
