CREATE PROCEDURE _check_role (
    IN p_role VARCHAR(16)
)
    COMMENT '
Refuse a word that is no role.

Byte by byte: a word in another case, or with a space behind it, would be found
here and not by _authorize.

Parameters
  p_role  the word, or NULL

Result
  none

Errors
  invalid_request  there is no such role
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    IF p_role IS NULL OR NOT EXISTS (SELECT 1 FROM role WHERE BINARY role = BINARY p_role) THEN
        CALL raise_error('invalid_request', CONCAT('no role ', COALESCE(p_role, 'NULL')),
                         JSON_OBJECT('errors', JSON_OBJECT('role', JSON_ARRAY('no such role'))));
    END IF;
END
