CREATE PROCEDURE list_undispatched (
    IN p_limit INT UNSIGNED
)
    COMMENT '
List the workspaces of whose changes not everything is told yet.

Only for the service: its worker dispatches them. It reads one row of the log of each
workspace that there is.

Parameters
  p_limit  how many at most

Result
  rows: workspace_id

Example
  CALL list_undispatched(100);
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    -- In this form it is one row of the log each: see list_revisions.
    SELECT workspace.id AS workspace_id
      FROM workspace
      JOIN LATERAL (
           (SELECT /*+ INDEX(change_log PRIMARY) */ revision
              FROM change_log
             WHERE workspace_id = workspace.id
             ORDER BY workspace_id DESC, revision DESC
             LIMIT 1)) AS newest
      LEFT JOIN dispatch ON dispatch.workspace_id = workspace.id
     WHERE newest.revision > COALESCE(dispatch.revision, 0)
     ORDER BY workspace.id
     LIMIT p_limit;
END
