-- transactional: false

ALTER TABLE task
    DROP KEY task_by_status,
    ADD KEY task_by_status (workspace_id, status, id) COMMENT 'list_tasks status:pending',
    ALGORITHM = INPLACE,
    LOCK = NONE;
