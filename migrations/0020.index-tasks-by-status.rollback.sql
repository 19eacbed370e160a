-- transactional: false

ALTER TABLE task
    DROP KEY task_by_status,
    ADD KEY task_by_status (workspace_id, status, created_at, id) COMMENT 'list_tasks by status, newest first',
    ALGORITHM = INPLACE,
    LOCK = NONE;
