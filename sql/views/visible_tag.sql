CREATE SQL SECURITY DEFINER VIEW visible_tag (
    -- The tags of tasks, a row each.
    workspace_id, -- the workspace
    task_id,      -- the task
    name          -- the tag; case does not count
) AS
SELECT CAST(membership.workspace_id AS UNSIGNED), tag.task_id, tag.name
  FROM sql_account FORCE INDEX (PRIMARY)
  STRAIGHT_JOIN membership FORCE INDEX (membership_user) ON membership.user_id = sql_account.user_id
  STRAIGHT_JOIN tag FORCE INDEX (PRIMARY, tag_tasks) ON tag.workspace_id = membership.workspace_id
 WHERE sql_account.login = LEFT(USER(), CHAR_LENGTH(USER()) - LOCATE('@', REVERSE(USER())))
