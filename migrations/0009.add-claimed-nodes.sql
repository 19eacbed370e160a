-- Where a claim is: so that whoever ends the work on a task looks for its claim only if there is one. To look for a row
-- that is not there locks the gap where it would be, and with it the claims of other workspaces.
-- transactional: false

ALTER TABLE node
    ADD COLUMN is_claimed BOOLEAN NOT NULL DEFAULT FALSE COMMENT 'whether there is a claim on it' AFTER is_pending;
