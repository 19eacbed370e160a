CREATE FUNCTION _revision (
    p_workspace_id BIGINT UNSIGNED
)
    RETURNS BIGINT UNSIGNED
    COMMENT '
Say which is the newest change of a workspace.

Parameters
  p_workspace_id  the workspace

Result
  its revision; the log is its own counter: the last entry of an index
'
    READS SQL DATA
    SQL SECURITY DEFINER
RETURN (SELECT MAX(revision) FROM change_log WHERE workspace_id = p_workspace_id)
