-- is:overdue: of the open ones those that are due, the oldest first. Without it, one reads all that were ever due.
-- transactional: false

ALTER TABLE task
    ADD KEY task_status_due (workspace_id, status, due_at, id) COMMENT 'list_tasks is:overdue; status:pending sort:due',
    ALGORITHM = INPLACE,
    LOCK = NONE;
