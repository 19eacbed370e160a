CREATE FUNCTION _revisions (
    p_workspace_ids JSON
)
    RETURNS JSON
    COMMENT '
Say which are the newest changes of some workspaces.

Parameters
  p_workspace_ids  an array of workspaces, or NULL for none

Result
  an object: the revision of each by its id
'
    READS SQL DATA
    SQL SECURITY DEFINER
RETURN (
    SELECT COALESCE(JSON_OBJECTAGG(id, _revision(id)), JSON_OBJECT())
      FROM JSON_TABLE(p_workspace_ids, '$[*]' COLUMNS (id BIGINT UNSIGNED PATH '$')) AS workspaces)
