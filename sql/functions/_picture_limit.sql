CREATE FUNCTION _picture_limit ()
    RETURNS BIGINT UNSIGNED
    COMMENT '
Say how many tasks fit into one picture.

More than people can read, and no more than Graphviz lays out within seconds.

Result
  a number of tasks
'
    DETERMINISTIC
    NO SQL
    SQL SECURITY DEFINER
RETURN 3000
