-- transactional: false
ALTER TABLE app_user DROP COLUMN time_zone;
