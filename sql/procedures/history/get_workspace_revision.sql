CREATE PROCEDURE get_workspace_revision (
    IN p_actor_id     BIGINT UNSIGNED,
    IN p_workspace_id BIGINT UNSIGNED
)
    COMMENT '
Show the number of the newest change of a workspace.

Parameters
  p_actor_id      the user who asks; NULL for the one that the SQL login is bound to
  p_workspace_id  the workspace; NULL for the personal one of the actor

Result
  one row: workspace_id, revision

Errors
  actor_not_allowed    the login may not ask for that user
  actor_required       the login may ask for any user and named none
  permission_denied    the role of the actor does not allow reading
  workspace_not_found  there is no such workspace for the actor

Example
  CALL get_workspace_revision(NULL, NULL);
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    CALL _find_workspace(p_actor_id, p_workspace_id);
    SELECT p_workspace_id AS workspace_id, _revision(p_workspace_id) AS revision;
END
