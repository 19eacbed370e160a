CREATE FUNCTION _login ()
    RETURNS VARCHAR(32) CHARSET utf8mb4 COLLATE utf8mb4_bin
    COMMENT '
Name the MySQL account of the session, whoever defined the routine it is in.

Result
  the user part of USER(); a host name has no @, so the last one ends it
'
    NOT DETERMINISTIC
    NO SQL
    SQL SECURITY DEFINER
RETURN LEFT(USER(), CHAR_LENGTH(USER()) - CHAR_LENGTH(SUBSTRING_INDEX(USER(), '@', -1)) - 1)
