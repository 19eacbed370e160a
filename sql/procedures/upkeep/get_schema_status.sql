CREATE PROCEDURE get_schema_status ()
    COMMENT '
List the migrations that the database has.

Only for the service.

Result
  rows ordered by name: name, applied_at (UTC)

Example
  CALL get_schema_status();
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    SELECT migration_id AS name, applied_at_utc AS applied_at FROM _yoyo_migration ORDER BY migration_id;
END
