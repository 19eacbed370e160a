CREATE PROCEDURE list_own_security_events (
    IN p_actor_id BIGINT UNSIGNED,
    IN p_skip     INT UNSIGNED,
    IN p_limit    INT UNSIGNED
)
    COMMENT '
List what happened to the account of the actor and to its rights.

Parameters
  p_actor_id  the user who asks; NULL for the one that the SQL login is bound to
  p_skip      how many rows to leave out
  p_limit     how many to give at most

Result
  rows, the newest first: event_id, occurred_at, event, user_id, workspace_id, actor_id,
  login, address, user_agent, facts

Errors
  actor_not_allowed  the login may not ask for that user
  actor_required     the login may ask for any user and named none

Example
  CALL list_own_security_events(NULL, 0, 20);
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    CALL _identify(p_actor_id);

    SELECT id AS event_id, occurred_at, event, user_id, workspace_id, actor_id, login, address, user_agent, facts
      FROM security_event
     WHERE user_id = p_actor_id
     ORDER BY id DESC
     LIMIT p_limit OFFSET p_skip;
END
