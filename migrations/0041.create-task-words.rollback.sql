-- transactional: false
DROP TABLE IF EXISTS task_word;
