-- transactional: false
DROP TABLE IF EXISTS saved_search;
