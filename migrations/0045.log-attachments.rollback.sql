-- A log that tells of attachments is not forgotten: then this refuses, and nothing is lost.
-- transactional: false
ALTER TABLE change_log
    MODIFY COLUMN entity ENUM('workspace', 'membership', 'task', 'tag', 'dependency', 'comment', 'reaction') NOT NULL;
