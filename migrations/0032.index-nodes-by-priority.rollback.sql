-- transactional: false

ALTER TABLE node
    DROP KEY node_priority,
    ALGORITHM = INPLACE,
    LOCK = NONE;
