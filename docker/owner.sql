-- Run once by the MySQL image, after it has made headgate_owner and the empty database.
-- What the login that migrates needs beyond its own tables: migrations/README.md says why.
GRANT ALL ON headgate.* TO headgate_owner WITH GRANT OPTION;
GRANT CREATE ROLE, CREATE USER, ROLE_ADMIN ON *.* TO headgate_owner;
GRANT SELECT ON mysql.* TO headgate_owner;
