CREATE FUNCTION _rank_spacing ()
    RETURNS BIGINT
    COMMENT '
Say how far apart the ranks of new tasks are.

Room for about twenty insertions into the same gap before _make_room is needed.

Result
  a number of ranks
'
    DETERMINISTIC
    NO SQL
    SQL SECURITY DEFINER
RETURN 1048576
