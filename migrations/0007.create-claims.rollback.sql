-- transactional: false
DROP TABLE IF EXISTS claim;
