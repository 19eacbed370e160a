CREATE PROCEDURE _find_workspace (
    INOUT p_actor_id     BIGINT UNSIGNED,
    INOUT p_workspace_id BIGINT UNSIGNED
)
    COMMENT '
Find the workspace that a reading call is about, and check that it may be read.

Parameters
  p_actor_id      as for _identify
  p_workspace_id  a workspace, or NULL for the personal one of the actor; the workspace found

Result
  none

Errors
  actor_not_allowed    as for _identify
  actor_required       as for _identify
  permission_denied    the role of the actor does not allow reading
  workspace_not_found  there is no such workspace for this actor
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    IF p_workspace_id IS NULL THEN
        CALL _identify(p_actor_id);
        SET p_workspace_id = COALESCE((SELECT id FROM workspace WHERE personal_user_id = p_actor_id), 0);
    END IF;

    CALL _authorize(p_actor_id, p_workspace_id, NULL, 'read');
END
