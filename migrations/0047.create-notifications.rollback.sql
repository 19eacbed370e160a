-- transactional: false
DROP TABLE IF EXISTS task_watch;
DROP TABLE IF EXISTS notification_preference;
DROP TABLE IF EXISTS notification;
DROP TABLE IF EXISTS notification_kind;
