CREATE PROCEDURE list_sessions (
    IN p_actor_id BIGINT UNSIGNED
)
    COMMENT '
List where the actor is logged in.

Parameters
  p_actor_id  the user who asks; NULL for the one that the SQL login is bound to

Result
  rows, the last used first: session_id, created_at, used_at (the login or the newest
  refresh), expires_at, address, user_agent

Errors
  actor_not_allowed  the login may not ask for that user
  actor_required     the login may ask for any user and named none

Example
  CALL list_sessions(NULL);
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    CALL _identify(p_actor_id);

    SELECT id AS session_id, created_at, used_at, expires_at, address, user_agent
      FROM login_session
     WHERE user_id = p_actor_id AND revoked_at IS NULL AND expires_at > CURRENT_TIMESTAMP(6)
     ORDER BY used_at DESC, id DESC;
END
