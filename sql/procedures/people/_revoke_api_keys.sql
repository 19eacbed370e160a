CREATE PROCEDURE _revoke_api_keys (
    IN p_workspace_id BIGINT UNSIGNED,
    IN p_user_id      BIGINT UNSIGNED
)
    COMMENT '
Revoke the key that a user is, or the keys that the user has made in a workspace.

Called by the triggers of membership, which may not change membership: use_api_key takes
no key that was revoked, and _dismiss_api_keys then tidies up.

Parameters
  p_workspace_id  the workspace
  p_user_id       who belongs to it no more, or may no longer make keys

Result
  none
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    INSERT INTO security_event (event, user_id, workspace_id, actor_id, facts)
    SELECT 'api_key_revoked', created_by, workspace_id, @headgate_actor_id, JSON_OBJECT('api_key_id', id, 'name', name)
      FROM api_key
     WHERE workspace_id = p_workspace_id AND p_user_id IN (user_id, created_by) AND revoked_at IS NULL;

    UPDATE api_key
       SET revoked_at = CURRENT_TIMESTAMP(6)
     WHERE workspace_id = p_workspace_id AND p_user_id IN (user_id, created_by) AND revoked_at IS NULL;
END
