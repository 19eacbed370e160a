CREATE PROCEDURE _check_name (
    IN p_name VARCHAR(120),
    IN p_what VARCHAR(32)
)
    COMMENT '
Refuse a name that says nothing.

Parameters
  p_name  what people will call it
  p_what  what it is, such as "a team"

Result
  none

Errors
  invalid_request  the name is empty
'
    CONTAINS SQL
    SQL SECURITY DEFINER
BEGIN
    IF TRIM(p_name) = '' OR p_name IS NULL THEN
        CALL raise_error('invalid_request', CONCAT(p_what, ' needs a name'),
                         JSON_OBJECT('errors', JSON_OBJECT('name', JSON_ARRAY('may not be empty'))));
    END IF;
END
