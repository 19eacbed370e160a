CREATE PROCEDURE list_revisions (
    IN p_workspace_ids JSON
)
    COMMENT '
List the numbers of the newest changes of several workspaces.

Only for the service: it follows the workspaces that somebody waits for. Whether they may
is asked when they are given a change.

Parameters
  p_workspace_ids  an array of ids; what is no workspace is left out

Result
  rows: workspace_id, revision

Example
  CALL list_revisions("[1, 2]");
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    -- One row of the log each, the last of its index. In any other form (MAX, or ordered by the
    -- revision alone) MySQL reads the whole log of the workspace.
    SELECT workspace.id AS workspace_id, newest.revision
      FROM JSON_TABLE(p_workspace_ids, '$[*]' COLUMNS (id BIGINT UNSIGNED PATH '$' NULL ON ERROR)) AS asked
      JOIN workspace ON workspace.id = asked.id
      JOIN LATERAL (
           (SELECT /*+ INDEX(change_log PRIMARY) */ revision
              FROM change_log
             WHERE workspace_id = workspace.id
             ORDER BY workspace_id DESC, revision DESC
             LIMIT 1)) AS newest;
END
