-- estimate>480 and sort:-estimate.
-- transactional: false

ALTER TABLE task
    ADD KEY task_estimate (workspace_id, estimate_minutes, id) COMMENT 'list_tasks estimate:30; sort:-estimate',
    ALGORITHM = INPLACE,
    LOCK = NONE;
