-- transactional: false

ALTER TABLE change_log
    DROP KEY change_log_task,
    DROP KEY change_log_dependents;
