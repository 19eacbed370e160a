-- transactional: false
DROP TABLE IF EXISTS invitation;
