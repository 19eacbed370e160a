CREATE PROCEDURE get_workspace_graph (
    IN p_actor_id     BIGINT UNSIGNED,
    IN p_workspace_id BIGINT UNSIGNED,
    IN p_open_only    BOOLEAN
)
    COMMENT '
Show all tasks of a workspace, or all open ones, and the dependencies between them.

Made to be drawn, so for workspaces that fit into a picture.

Parameters
  p_actor_id      the user who asks; NULL for the one that the SQL login is bound to
  p_workspace_id  the workspace; NULL for the personal one of the actor
  p_open_only     TRUE: without completed and cancelled tasks; FALSE or NULL: every task

Result
  two: rows ordered by task_id (task_id, title, status, priority, readiness), and rows
  ordered by task_id, then by depends_on_id (task_id, depends_on_id)

Errors
  actor_not_allowed    the login may not ask for that user
  actor_required       the login may ask for any user and named none
  permission_denied    the role of the actor does not allow reading
  workspace_not_found  there is no such workspace for the actor
  graph_too_large      there is more than fits into a picture; ask for the graph of one task

Example
  CALL get_workspace_graph(NULL, NULL, TRUE);
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_limit    BIGINT UNSIGNED DEFAULT _picture_limit() + 1;
    DECLARE v_task_ids JSON;

    CALL _find_workspace(p_actor_id, p_workspace_id);

    SELECT JSON_ARRAYAGG(task_id)
      INTO v_task_ids
      FROM (SELECT task_id
              FROM node
             WHERE workspace_id = p_workspace_id AND (is_open OR NOT COALESCE(p_open_only, FALSE))
             LIMIT v_limit) AS found;

    CALL _show_graph(p_workspace_id, v_task_ids);
END
