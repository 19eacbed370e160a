-- transactional: false

ALTER TABLE node
    DROP KEY node_state,
    ALGORITHM = INPLACE,
    LOCK = NONE;
