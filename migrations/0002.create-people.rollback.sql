-- transactional: false
DROP TABLE IF EXISTS sql_account;
DROP TABLE IF EXISTS membership;
DROP TABLE IF EXISTS workspace;
DROP TABLE IF EXISTS app_user;
