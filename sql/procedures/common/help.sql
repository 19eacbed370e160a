CREATE PROCEDURE help (
    IN p_name VARCHAR(64)
)
    COMMENT '
Show the manual of a procedure.

Parameters
  p_name  the name of a public procedure

Result
  one row: help

Errors
  unknown_procedure  there is no public procedure of that name

Example
  CALL help("add_dependency");
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_help TEXT;

    SELECT help INTO v_help FROM procedure_help WHERE name = p_name;

    IF v_help IS NULL THEN
        CALL raise_error('unknown_procedure',
                         CONCAT('no procedure ', COALESCE(p_name, 'NULL'), '; SELECT name FROM procedure_help lists them'), NULL);
    END IF;

    SELECT v_help AS help;
END
