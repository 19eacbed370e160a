-- completed:last-7-days and sort:-completed.
-- transactional: false

ALTER TABLE task
    ADD KEY task_completed (workspace_id, completed_at, id) COMMENT 'list_tasks completed:last-7-days; sort:-completed',
    ALGORITHM = INPLACE,
    LOCK = NONE;
