-- updated:today and sort:-updated: what happened last.
-- transactional: false

ALTER TABLE task
    ADD KEY task_updated (workspace_id, updated_at, id) COMMENT 'list_tasks updated:today; sort:-updated',
    ALGORITHM = INPLACE,
    LOCK = NONE;
