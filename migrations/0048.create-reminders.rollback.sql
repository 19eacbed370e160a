-- transactional: false
DROP TABLE IF EXISTS reminder;
