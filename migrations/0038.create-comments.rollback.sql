-- A log that tells of comments is not forgotten: then the first statement refuses, and nothing is lost.
-- transactional: false
ALTER TABLE change_log
    MODIFY COLUMN entity ENUM('workspace', 'membership', 'task', 'tag', 'dependency') NOT NULL,
    MODIFY COLUMN task_id BIGINT UNSIGNED NULL COMMENT 'of task, tag and dependency rows';
DROP TABLE IF EXISTS mention;
DROP TABLE IF EXISTS comment_version;
DROP TABLE IF EXISTS comment;
