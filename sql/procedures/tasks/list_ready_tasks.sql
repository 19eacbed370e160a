CREATE PROCEDURE list_ready_tasks (
    IN p_actor_id              BIGINT UNSIGNED,
    IN p_workspace_id          BIGINT UNSIGNED,
    IN p_by_effective_priority BOOLEAN,
    IN p_skip                  INT UNSIGNED,
    IN p_limit                 INT UNSIGNED
)
    COMMENT '
List the open tasks that wait for nothing open, most urgent first.

Parameters
  p_actor_id               the user who asks; NULL for the one that the SQL login is bound to
  p_workspace_id           the workspace; NULL for the personal one of the actor
  p_by_effective_priority  TRUE: a task is as urgent as the most urgent open task that waits
                           for it, as get_effective_priority tells; FALSE: as it says itself
  p_skip                   how many rows to leave out; NULL for none
  p_limit                  how many rows at most; NULL for all

Result
  task rows, as get_task gives them, and effective_priority (NULL unless the order is by it);
  by falling priority of that kind, then by task_id

Errors
  actor_not_allowed    the login may not ask for that user
  actor_required       the login may ask for any user and named none
  permission_denied    the role of the actor does not allow reading
  workspace_not_found  there is no such workspace for the actor

Example
  CALL list_ready_tasks(NULL, NULL, FALSE, 0, 50);
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    CALL find_ready_tasks(p_actor_id, p_workspace_id, NULL, NULL, p_by_effective_priority, p_skip, p_limit);
END
