CREATE PROCEDURE _dismiss_api_keys (
    IN p_workspace_id BIGINT UNSIGNED
)
    COMMENT '
Take the keys that were revoked together with the rights of their maker out of a workspace.

One by one: the trigger of membership writes to api_key, which the statement that fires
it may not read (error 1442).

Parameters
  p_workspace_id  the workspace

Result
  none
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_user_id BIGINT UNSIGNED;

    REPEAT
        SET v_user_id = (SELECT membership.user_id
                           FROM membership
                           JOIN api_key ON api_key.user_id = membership.user_id
                          WHERE membership.workspace_id = p_workspace_id AND api_key.revoked_at IS NOT NULL
                          LIMIT 1);
        DELETE FROM membership WHERE workspace_id = p_workspace_id AND user_id = v_user_id;
    UNTIL v_user_id IS NULL END REPEAT;
END
