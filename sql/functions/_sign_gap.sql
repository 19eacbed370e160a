CREATE FUNCTION _sign_gap ()
    RETURNS VARCHAR(128) CHARSET utf8mb4
    COMMENT '
Say what stands between words where signs may do so, such as emoji.

What chooses how a sign looks, or joins it to another, counts as a mark, and marks
as parts of words. After what is no part of a word it is none either.

Result
  a regular expression
'
    DETERMINISTIC
    NO SQL
    SQL SECURITY DEFINER
RETURN '\\W[\\W\\u200C\\u200D\\u20D0-\\u20FF\\uFE00-\\uFE0F\\U000E0100-\\U000E01EF]*'
