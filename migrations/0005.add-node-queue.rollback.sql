-- transactional: false

ALTER TABLE node
    DROP KEY node_queue,
    DROP COLUMN queue_rank,
    DROP COLUMN is_pending;
