-- sort:-priority shows the most urgent first and of these the oldest, as node_readiness does: so both are read as they stand.
-- transactional: false

ALTER TABLE node
    DROP KEY node_priority,
    ADD KEY node_priority (workspace_id, priority_rank DESC, task_id) COMMENT 'list_tasks sort:-priority',
    ALGORITHM = INPLACE,
    LOCK = NONE;
