CREATE PROCEDURE list_security_events (
    IN p_actor_id     BIGINT UNSIGNED,
    IN p_workspace_id BIGINT UNSIGNED,
    IN p_skip         INT UNSIGNED,
    IN p_limit        INT UNSIGNED
)
    COMMENT '
List what happened to the rights in a workspace. Only for its owners.

Parameters
  p_actor_id      the user who asks; NULL for the one that the SQL login is bound to
  p_workspace_id  the workspace
  p_skip          how many rows to leave out
  p_limit         how many to give at most

Result
  rows, the newest first: event_id, occurred_at, event, user_id, workspace_id, actor_id,
  login, address, user_agent, facts

Errors
  actor_not_allowed    the login may not ask for that user
  actor_required       the login may ask for any user and named none
  permission_denied    the actor is a member, but no owner
  workspace_not_found  there is no such workspace for the actor

Example
  CALL list_security_events(NULL, 3, 0, 20);
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    CALL _authorize(p_actor_id, p_workspace_id, NULL, 'own');

    SELECT id AS event_id, occurred_at, event, user_id, workspace_id, actor_id, login, address, user_agent, facts
      FROM security_event
     WHERE workspace_id = p_workspace_id
     ORDER BY id DESC
     LIMIT p_limit OFFSET p_skip;
END
