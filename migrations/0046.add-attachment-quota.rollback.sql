-- transactional: false
ALTER TABLE workspace
    DROP COLUMN attachment_quota_bytes;
