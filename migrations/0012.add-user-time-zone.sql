-- In which days a user counts: list_tasks reads `due:today` by it.
-- transactional: false

ALTER TABLE app_user
    ADD COLUMN time_zone VARCHAR(64) NOT NULL DEFAULT '+00:00' COMMENT 'an offset, or a name that the server knows',
    ALGORITHM = INSTANT;
