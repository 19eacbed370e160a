-- Nobody is told of the whole past: what is told begins now.
-- transactional: false

INSERT IGNORE INTO dispatch (workspace_id, revision)
SELECT workspace_id, MAX(revision) FROM change_log GROUP BY workspace_id;
