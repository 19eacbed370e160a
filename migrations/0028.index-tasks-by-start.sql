-- started:today and sort:-started.
-- transactional: false

ALTER TABLE task
    ADD KEY task_started (workspace_id, started_at, id) COMMENT 'list_tasks started:today; sort:-started',
    ALGORITHM = INPLACE,
    LOCK = NONE;
