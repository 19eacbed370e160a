-- transactional: false
DROP TABLE IF EXISTS attachment;
DROP TABLE IF EXISTS stored_file;
