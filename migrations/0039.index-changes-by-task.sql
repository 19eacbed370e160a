-- What happened to one task, newest first, however long the log of its workspace is (list_activity).
-- transactional: false

ALTER TABLE change_log
    ADD KEY change_log_activity (workspace_id, task_id, revision) COMMENT 'list_activity, newest first',
    ALGORITHM = INPLACE,
    LOCK = NONE;
