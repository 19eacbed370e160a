CREATE PROCEDURE list_claims (
    IN p_actor_id     BIGINT UNSIGNED,
    IN p_workspace_id BIGINT UNSIGNED,
    IN p_skip         INT UNSIGNED,
    IN p_limit        INT UNSIGNED
)
    COMMENT '
List who has claimed what, and until when.

A task in progress that is not here was started by hand.

Parameters
  p_actor_id      the user who asks; NULL for the one that the SQL login is bound to
  p_workspace_id  the workspace; NULL for the personal one of the actor
  p_skip          how many rows to leave out; NULL for none
  p_limit         how many rows at most; NULL for all

Result
  rows by lease_expires_at, then by task_id: task_id, title, priority, user_id, username,
  fence, claimed_at, lease_expires_at, is_expired (whether others may put the task back)

Errors
  actor_not_allowed    the login may not ask for that user
  actor_required       the login may ask for any user and named none
  permission_denied    the role of the actor does not allow reading
  workspace_not_found  there is no such workspace for the actor

Example
  CALL list_claims(NULL, NULL, 0, 50);
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    CALL _find_workspace(p_actor_id, p_workspace_id);
    SET p_skip = COALESCE(p_skip, 0), p_limit = COALESCE(p_limit, 4294967295);

    SELECT /*+ JOIN_FIXED_ORDER() */
           page.task_id, task.title, task.priority, page.user_id, app_user.username, page.fence,
           page.claimed_at, page.lease_expires_at, page.lease_expires_at <= CURRENT_TIMESTAMP(6) AS is_expired
      FROM (SELECT /*+ INDEX(claim claim_expiry) */ task_id, user_id, fence, claimed_at, lease_expires_at
              FROM claim
             WHERE workspace_id = p_workspace_id
             ORDER BY lease_expires_at, task_id
             LIMIT p_limit OFFSET p_skip) AS page
      JOIN task ON task.id = page.task_id
      JOIN app_user ON app_user.id = page.user_id
     ORDER BY page.lease_expires_at, page.task_id;
END
