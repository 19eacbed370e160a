CREATE PROCEDURE _lock_workspace (
    INOUT p_actor_id     BIGINT UNSIGNED,
    INOUT p_workspace_id BIGINT UNSIGNED,
    IN    p_permission   VARCHAR(16)
)
    COMMENT '
Begin a change of a workspace: lock its row, then ask whether the actor may.

In that order, so that nobody changes the answer in between. Whatever the
triggers log until the end of the transaction, they log as done by this actor.

Parameters
  p_actor_id      as for _identify
  p_workspace_id  a workspace, or NULL for the personal one of the actor; the workspace found
  p_permission    as for _authorize

Result
  none

Errors
  actor_not_allowed    as for _identify
  actor_required       as for _identify
  permission_denied    the role of the actor does not allow it
  workspace_not_found  there is no such workspace for this actor
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_workspace_id BIGINT UNSIGNED;

    IF p_workspace_id IS NULL THEN
        CALL _identify(p_actor_id);
        SET p_workspace_id = COALESCE((SELECT id FROM workspace WHERE personal_user_id = p_actor_id), 0);
    END IF;

    SELECT id INTO v_workspace_id FROM workspace WHERE id = p_workspace_id FOR UPDATE;

    CALL _authorize(p_actor_id, p_workspace_id, NULL, p_permission);
    -- An interrupted call before this one may have left the other two behind.
    SET @headgate_actor_id = p_actor_id, @headgate_deriving = NULL, @headgate_new_after = NULL;
END
