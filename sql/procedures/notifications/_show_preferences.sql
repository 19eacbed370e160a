CREATE PROCEDURE _show_preferences (
    IN p_user_id      BIGINT UNSIGNED,
    IN p_workspace_id BIGINT UNSIGNED,
    IN p_kind         VARCHAR(16)
)
    COMMENT '
Show what a user wants to be told, and by which way.

Parameters
  p_user_id       the user
  p_workspace_id  with a kind: only what holds in this workspace, or everywhere where it is NULL
  p_kind          only this kind; NULL for all that there is

Result
  rows as list_notification_preferences gives them
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    SELECT place.workspace_id, kind.kind, kind.description, COALESCE(here.inbox, everywhere.inbox, kind.inbox) AS inbox,
           COALESCE(here.mail, everywhere.mail, kind.mail) AS mail,
           here.kind IS NULL AND (place.workspace_id IS NOT NULL OR everywhere.kind IS NULL) AS is_default
      FROM (SELECT NULL AS workspace_id
             UNION ALL
            SELECT membership.workspace_id
              FROM membership
              JOIN role_permission ON role_permission.role = membership.role AND role_permission.permission = 'read'
             WHERE membership.user_id = p_user_id) AS place
      JOIN notification_kind AS kind
      LEFT JOIN notification_preference AS everywhere
             ON everywhere.user_id = p_user_id AND everywhere.kind = kind.kind AND everywhere.workspace_id = 0
      LEFT JOIN notification_preference AS here
             ON here.user_id = p_user_id AND here.kind = kind.kind AND here.workspace_id = place.workspace_id
     WHERE IF(p_kind IS NULL, place.workspace_id IS NULL OR here.kind IS NOT NULL,
              kind.kind = p_kind AND place.workspace_id <=> p_workspace_id)
     ORDER BY place.workspace_id, kind.sort_order;
END
