CREATE PROCEDURE _derive_memberships (
    IN p_workspace_ids JSON,
    IN p_user_ids      JSON
)
    COMMENT '
Bring memberships up to date after what they follow from has changed.

Called by the triggers of organization_workspace, organization_member,
team_member and team_role. The guards of membership work the role out, so a
row is only touched, made, or taken away when nothing is left of it. The keys
that whoever lost a role had made go with it.

Parameters
  p_workspace_ids  an array of workspaces, or NULL for none
  p_user_ids       an array of users, or NULL for none: each may have changed in each of them

Result
  none
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    INSERT INTO membership (workspace_id, user_id)
    SELECT pair.workspace_id, pair.user_id
      FROM (SELECT workspaces.id AS workspace_id, users.id AS user_id,
                   _effective_role(workspaces.id, users.id, NULL) AS role
              FROM JSON_TABLE(p_workspace_ids, '$[*]' COLUMNS (id BIGINT UNSIGNED PATH '$')) AS workspaces
              JOIN JSON_TABLE(p_user_ids, '$[*]' COLUMNS (id BIGINT UNSIGNED PATH '$')) AS users) AS pair
     WHERE pair.role IS NOT NULL
     ORDER BY pair.workspace_id, pair.user_id
        ON DUPLICATE KEY UPDATE direct_role = membership.direct_role;

    UPDATE membership
      JOIN JSON_TABLE(p_workspace_ids, '$[*]' COLUMNS (id BIGINT UNSIGNED PATH '$')) AS workspaces
        ON workspaces.id = membership.workspace_id
      JOIN JSON_TABLE(p_user_ids, '$[*]' COLUMNS (id BIGINT UNSIGNED PATH '$')) AS users ON users.id = membership.user_id
       SET membership.direct_role = membership.direct_role
     WHERE membership.direct_role IS NOT NULL;

    DELETE membership
      FROM membership
      JOIN JSON_TABLE(p_workspace_ids, '$[*]' COLUMNS (id BIGINT UNSIGNED PATH '$')) AS workspaces
        ON workspaces.id = membership.workspace_id
      JOIN JSON_TABLE(p_user_ids, '$[*]' COLUMNS (id BIGINT UNSIGNED PATH '$')) AS users ON users.id = membership.user_id
     WHERE membership.direct_role IS NULL
       AND _effective_role(membership.workspace_id, membership.user_id, NULL) IS NULL;

    CALL _dismiss_api_keys(p_workspace_ids);
END
