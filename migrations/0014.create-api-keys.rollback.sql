-- transactional: false
DROP TABLE IF EXISTS api_key_address;
DROP TABLE IF EXISTS api_key;
DROP TABLE IF EXISTS api_key_scope;
