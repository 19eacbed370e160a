-- transactional: false

ALTER TABLE task
    DROP KEY task_assignee,
    ADD KEY task_assignee (assignee_id, workspace_id, id) COMMENT 'list_tasks assignee:me; serves its foreign key',
    ALGORITHM = INPLACE,
    LOCK = NONE;
