CREATE PROCEDURE _dismiss_api_keys (
    IN p_workspace_ids JSON
)
    COMMENT '
Take the keys that were revoked together with the rights of their maker out of their workspaces.

One by one: the trigger of membership writes to api_key, which the statement that fires
it may not read (error 1442).

Parameters
  p_workspace_ids  an array of workspaces, or NULL for none

Result
  none
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_workspace_id BIGINT UNSIGNED;
    DECLARE v_user_id      BIGINT UNSIGNED;

    REPEAT
        SET v_user_id = NULL;

        SELECT membership.workspace_id, membership.user_id
          INTO v_workspace_id, v_user_id
          FROM JSON_TABLE(p_workspace_ids, '$[*]' COLUMNS (id BIGINT UNSIGNED PATH '$')) AS workspaces
          JOIN api_key ON api_key.workspace_id = workspaces.id AND api_key.revoked_at IS NOT NULL
          JOIN membership ON membership.workspace_id = workspaces.id AND membership.user_id = api_key.user_id
         LIMIT 1;

        DELETE FROM membership WHERE workspace_id = v_workspace_id AND user_id = v_user_id;
    UNTIL v_user_id IS NULL END REPEAT;
END
