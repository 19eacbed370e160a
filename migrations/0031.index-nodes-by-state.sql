-- is:ready, newest first; node_readiness has the most urgent first.
-- transactional: false

ALTER TABLE node
    ADD KEY node_state (workspace_id, readiness, task_id) COMMENT 'list_tasks is:ready',
    ALGORITHM = INPLACE,
    LOCK = NONE;
