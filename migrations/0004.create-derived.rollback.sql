-- transactional: false
DROP TABLE IF EXISTS change_log;
DROP TABLE IF EXISTS node;
