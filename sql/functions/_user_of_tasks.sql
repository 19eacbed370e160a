CREATE FUNCTION _user_of_tasks (
    p_workspace_id BIGINT UNSIGNED,
    p_username     VARCHAR(64)
)
    RETURNS BIGINT UNSIGNED
    COMMENT '
Find the user of a name among those who have or made a task of a workspace.

Whoever leaves a workspace keeps their tasks, and their name is told with these; of
all others nobody learns that there is such a name.

Parameters
  p_workspace_id  the workspace
  p_username      the name

Result
  the user, or NULL
'
    READS SQL DATA
    SQL SECURITY DEFINER
RETURN (
    SELECT id
      FROM app_user
     WHERE username = p_username
       AND (EXISTS (SELECT 1 FROM task WHERE assignee_id = app_user.id AND workspace_id = p_workspace_id)
            OR EXISTS (SELECT 1 FROM task WHERE created_by = app_user.id AND workspace_id = p_workspace_id)))
