-- due:this-week and sort:due.
-- transactional: false

ALTER TABLE task
    ADD KEY task_due (workspace_id, due_at, id) COMMENT 'list_tasks due:this-week; sort:due',
    ALGORITHM = INPLACE,
    LOCK = NONE;
