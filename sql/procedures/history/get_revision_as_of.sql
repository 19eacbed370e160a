CREATE PROCEDURE get_revision_as_of (
    IN p_actor_id     BIGINT UNSIGNED,
    IN p_workspace_id BIGINT UNSIGNED,
    IN p_time         DATETIME(6)
)
    COMMENT '
Show which revision a workspace had at some time.

Parameters
  p_actor_id      the user who asks; NULL for the one that the SQL login is bound to
  p_workspace_id  the workspace; NULL for the personal one of the actor
  p_time          a point in time in UTC; NULL for now

Result
  one row: workspace_id, revision (the newest that bears this time or an earlier one; 0
  if it is before the first)

Errors
  actor_not_allowed    the login may not ask for that user
  actor_required       the login may ask for any user and named none
  permission_denied    the role of the actor does not allow reading
  workspace_not_found  there is no such workspace for the actor

Example
  CALL get_revision_as_of(NULL, NULL, "2030-01-31 17:00:00");
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_revision BIGINT UNSIGNED;

    CALL _find_workspace(p_actor_id, p_workspace_id);

    IF p_time IS NULL THEN
        SET v_revision = _revision(p_workspace_id);
    ELSE
        CALL _find_revision(p_workspace_id, NULL, p_time, v_revision);
    END IF;

    SELECT p_workspace_id AS workspace_id, v_revision AS revision;
END
