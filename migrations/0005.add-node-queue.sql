-- The queue of a workspace: what nobody has started and nothing holds up, most urgent first.
-- transactional: false

ALTER TABLE node
    ADD COLUMN is_pending BOOLEAN NOT NULL DEFAULT FALSE COMMENT 'whether nobody has started it: its status is pending' AFTER is_open,
    ADD COLUMN queue_rank TINYINT UNSIGNED
               AS (CASE WHEN is_pending AND waiting_for = 0 THEN priority_rank END) STORED
               COMMENT 'its priority_rank while it may be claimed, otherwise NULL',
    ADD KEY node_queue (workspace_id, queue_rank DESC, task_id) COMMENT 'claim_next_task finds the first of the queue';
