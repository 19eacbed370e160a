-- transactional: false
ALTER TABLE change_log
    DROP KEY change_log_activity,
    ALGORITHM = INPLACE,
    LOCK = NONE;
