-- transactional: false

ALTER TABLE node
    DROP KEY node_priority,
    ADD KEY node_priority (workspace_id, priority_rank, task_id) COMMENT 'list_tasks sort:-priority',
    ALGORITHM = INPLACE,
    LOCK = NONE;
