CREATE PROCEDURE list_blocked_tasks (
    IN p_actor_id     BIGINT UNSIGNED,
    IN p_workspace_id BIGINT UNSIGNED,
    IN p_skip         INT UNSIGNED,
    IN p_limit        INT UNSIGNED
)
    COMMENT '
List the open tasks that wait for something open, most urgent first.

Parameters
  p_actor_id      the user who asks; NULL for the one that the SQL login is bound to
  p_workspace_id  the workspace; NULL for the personal one of the actor
  p_skip          how many rows to leave out; NULL for none
  p_limit         how many rows at most; NULL for all

Result
  task rows, as get_task gives them, by falling priority, then by task_id

Errors
  actor_not_allowed    the login may not ask for that user
  actor_required       the login may ask for any user and named none
  permission_denied    the role of the actor does not allow reading
  workspace_not_found  there is no such workspace for the actor

Example
  CALL list_blocked_tasks(NULL, NULL, 0, 50);
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_page JSON;

    CALL _find_workspace(p_actor_id, p_workspace_id);
    SET p_skip = COALESCE(p_skip, 0), p_limit = COALESCE(p_limit, 4294967295);

    SELECT JSON_ARRAYAGG(task_id)
      INTO v_page
      FROM (SELECT task_id
              FROM node
             WHERE workspace_id = p_workspace_id AND readiness = 'blocked'
             ORDER BY priority_rank DESC, task_id
             LIMIT p_skip, p_limit) AS page;

    CALL _show_tasks(p_workspace_id, v_page);
END
