CREATE SQL SECURITY DEFINER VIEW visible_task (
    -- Tasks, with where they stand.
    task_id,          -- the task
    workspace_id,     -- the workspace
    task_key,         -- a name of its own in the workspace, such as OPS-12, or NULL
    title,            -- what is to be done
    description,      -- more about it; may be empty
    status,           -- pending and in_progress are open; completed and cancelled are closed
    priority,         -- low, medium, high or urgent
    assignee_id,      -- the user who is to do it, or NULL
    assignee_team_id, -- the team that is to do it, or NULL; never both
    estimate_minutes, -- expected work, in minutes, or NULL
    due_at,           -- when it is to be done, UTC, or NULL
    readiness,        -- ready (open, waits for nothing open), blocked (open, waits for something open) or closed
    waiting_for,      -- the number of open tasks it directly waits for
    version,          -- raised by one with each change of the task
    created_by,       -- the user who made it, or NULL
    created_at,       -- when it was made, in the time zone of the session
    updated_at,       -- when it was last changed, likewise
    started_at,       -- when work last began, likewise, or NULL
    completed_at      -- when it was completed, likewise; NULL unless it is
) AS
SELECT task.id, CAST(membership.workspace_id AS UNSIGNED), task.task_key, task.title, task.description, task.status,
       task.priority, task.assignee_id, task.assignee_team_id, task.estimate_minutes, task.due_at, node.readiness, node.waiting_for,
       task.version, task.created_by, task.created_at, task.updated_at, task.started_at, task.completed_at
  FROM sql_account FORCE INDEX (PRIMARY)
  STRAIGHT_JOIN membership FORCE INDEX (membership_user) ON membership.user_id = sql_account.user_id
  STRAIGHT_JOIN task FORCE INDEX (task_workspace, task_key_in_workspace, task_created, task_by_status)
             ON task.workspace_id = membership.workspace_id
  STRAIGHT_JOIN node FORCE INDEX (PRIMARY) ON node.task_id = task.id
 WHERE sql_account.login = LEFT(USER(), CHAR_LENGTH(USER()) - LOCATE('@', REVERSE(USER())))
