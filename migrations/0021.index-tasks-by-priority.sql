-- priority:urgent, newest first.
-- transactional: false

ALTER TABLE task
    ADD KEY task_by_priority (workspace_id, priority, id) COMMENT 'list_tasks priority:urgent',
    ALGORITHM = INPLACE,
    LOCK = NONE;
