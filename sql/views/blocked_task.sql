CREATE SQL SECURITY DEFINER VIEW blocked_task (
    -- The open tasks that wait for something open.
    task_id,          -- the task
    workspace_id,     -- the workspace
    task_key,         -- a name of its own in the workspace, such as OPS-12, or NULL
    title,            -- what is to be done
    status,           -- pending or in_progress
    priority,         -- low, medium, high or urgent
    priority_rank,    -- the priority as a number, higher is more urgent: to sort by
    assignee_id,      -- the user who is to do it, or NULL
    assignee_team_id, -- the team that is to do it, or NULL; never both
    due_at,           -- when it is to be done, UTC, or NULL
    waiting_for       -- the number of open tasks it directly waits for
) AS
SELECT task.id, CAST(membership.workspace_id AS UNSIGNED), task.task_key, task.title, task.status, task.priority,
       node.priority_rank, task.assignee_id, task.assignee_team_id, task.due_at, node.waiting_for
  FROM sql_account FORCE INDEX (PRIMARY)
  STRAIGHT_JOIN membership FORCE INDEX (membership_user) ON membership.user_id = sql_account.user_id
  STRAIGHT_JOIN node FORCE INDEX (node_readiness)
             ON node.workspace_id = membership.workspace_id AND node.readiness = 'blocked'
  STRAIGHT_JOIN task FORCE INDEX (task_workspace) ON task.workspace_id = node.workspace_id AND task.id = node.task_id
 WHERE sql_account.login = LEFT(USER(), CHAR_LENGTH(USER()) - LOCATE('@', REVERSE(USER())))
