-- The past of one task and of one dependency, without reading the rest of the log.
-- transactional: false

ALTER TABLE change_log
    ADD KEY change_log_task (workspace_id, task_id, entity, depends_on_id, revision)
        COMMENT 'get_tree_as_of upstream and the facts of a task, get_workspace_diff',
    ADD KEY change_log_dependents (workspace_id, depends_on_id, task_id, revision)
        COMMENT 'get_tree_as_of downstream';
