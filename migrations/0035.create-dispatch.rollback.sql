-- transactional: false
DROP TABLE IF EXISTS dispatch;
DROP TABLE IF EXISTS unblocking;
