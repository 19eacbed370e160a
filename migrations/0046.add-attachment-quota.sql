-- How much room the attachments of a workspace may take.
-- transactional: false

ALTER TABLE workspace
    ADD COLUMN attachment_quota_bytes BIGINT UNSIGNED NULL
               COMMENT 'how many bytes its attachments may take, all versions together; NULL: what the service is set to';
