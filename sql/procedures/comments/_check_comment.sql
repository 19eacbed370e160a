CREATE PROCEDURE _check_comment (
    IN p_body MEDIUMTEXT
)
    COMMENT '
Refuse a comment that says nothing, or too much.

Parameters
  p_body  what it is to say

Result
  none

Errors
  invalid_comment  it is empty, blank or cannot be seen, or has more than 16000 characters
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    IF p_body IS NULL OR NOT REGEXP_LIKE(p_body, '[^[:space:]\\p{DI}]') THEN
        CALL raise_error('invalid_comment', 'a comment says something',
                         JSON_OBJECT('errors', JSON_OBJECT('body', JSON_ARRAY('must not be blank'))));
    END IF;

    IF CHAR_LENGTH(p_body) > 16000 THEN
        CALL raise_error('invalid_comment', CONCAT('a comment has at most 16000 characters, not ', CHAR_LENGTH(p_body)),
                         JSON_OBJECT('errors', JSON_OBJECT('body', JSON_ARRAY('at most 16000 characters'))));
    END IF;
END
