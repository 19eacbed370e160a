CREATE PROCEDURE _show_workspace (
    IN p_workspace_id BIGINT UNSIGNED,
    IN p_user_id      BIGINT UNSIGNED
)
    COMMENT '
Show one workspace as a member sees it.

Parameters
  p_workspace_id  the workspace
  p_user_id       the member

Result
  one row: workspace_id, name, role, is_personal, organization_id, revision, created_at
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    SELECT workspace.id AS workspace_id, workspace.name, membership.role,
           workspace.personal_user_id <=> p_user_id AS is_personal, organization_workspace.organization_id,
           _revision(workspace.id) AS revision, workspace.created_at
      FROM membership
      JOIN workspace ON workspace.id = membership.workspace_id
      LEFT JOIN organization_workspace ON organization_workspace.workspace_id = workspace.id
     WHERE membership.user_id = p_user_id AND workspace.id = p_workspace_id;
END
