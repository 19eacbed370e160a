CREATE SQL SECURITY DEFINER VIEW visible_dependency (
    -- Which task waits for which.
    workspace_id,  -- the workspace
    task_id,       -- the task that waits
    depends_on_id, -- the task it waits for
    created_by,    -- the user who said so, or NULL
    created_at     -- when, in the time zone of the session
) AS
SELECT CAST(membership.workspace_id AS UNSIGNED), dependency.task_id, dependency.depends_on_id, dependency.created_by,
       dependency.created_at
  FROM sql_account FORCE INDEX (PRIMARY)
  STRAIGHT_JOIN membership FORCE INDEX (membership_user) ON membership.user_id = sql_account.user_id
  STRAIGHT_JOIN dependency FORCE INDEX (PRIMARY, dependency_dependents)
             ON dependency.workspace_id = membership.workspace_id
 WHERE sql_account.login = LEFT(USER(), CHAR_LENGTH(USER()) - LOCATE('@', REVERSE(USER())))
