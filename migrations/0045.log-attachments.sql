-- Attachments are facts, so they are in the change log.
-- transactional: false

ALTER TABLE change_log
    MODIFY COLUMN entity ENUM('workspace', 'membership', 'task', 'tag', 'dependency', 'comment', 'reaction', 'attachment') NOT NULL;
