-- transactional: false
DROP TABLE IF EXISTS dependency;
DROP TABLE IF EXISTS tag;
DROP TABLE IF EXISTS task;
