CREATE FUNCTION _dense_script ()
    RETURNS VARCHAR(255) CHARSET utf8mb4
    COMMENT '
Say which characters follow each other without gaps between words.

Chinese, Japanese and Korean, by their ranges: the names of scripts (\\p{Han}) take a
regular expression a millisecond to prepare.

Result
  a class of characters for a regular expression
'
    DETERMINISTIC
    NO SQL
    SQL SECURITY DEFINER
RETURN CONCAT('[\\u3005-\\u3007\\u3041-\\u3096\\u309D-\\u30FA\\u30FC-\\u318E\\u3400-\\u4DBF\\u4E00-\\u9FFF',
              '\\uAC00-\\uD7AF\\uF900-\\uFAFF\\uFF66-\\uFF9F\\U00020000-\\U0003FFFF]')
