-- sort:title.
-- transactional: false

ALTER TABLE task
    ADD KEY task_title (workspace_id, title, id) COMMENT 'list_tasks sort:title',
    ALGORITHM = INPLACE,
    LOCK = NONE;
