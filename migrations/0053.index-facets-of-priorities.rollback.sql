-- transactional: false

ALTER TABLE task
    DROP KEY task_by_priority,
    ADD KEY task_by_priority (workspace_id, priority, id) COMMENT 'list_tasks priority:urgent',
    ALGORITHM = INPLACE,
    LOCK = NONE;
