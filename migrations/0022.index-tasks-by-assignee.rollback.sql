-- transactional: false

ALTER TABLE task
    DROP KEY task_assignee,
    ADD KEY task_assignee (assignee_id) COMMENT 'list_tasks by assignee; serves its foreign key',
    ALGORITHM = INPLACE,
    LOCK = NONE;
