CREATE SQL SECURITY DEFINER VIEW visible_comment (
    -- What people said about tasks.
    comment_id,   -- the comment
    workspace_id, -- the workspace
    task_id,      -- the task that it is about
    author_id,    -- the user who wrote it, or NULL
    body,         -- what it says, in Markdown; empty once it is deleted
    version,      -- raised by one with each change of the body
    created_at,   -- when it was written, in the time zone of the session
    updated_at,   -- when it was last changed, likewise
    deleted_at    -- since when only its place is left, likewise, or NULL
) AS
SELECT comment.id, CAST(membership.workspace_id AS UNSIGNED), comment.task_id, comment.author_id, comment.body, comment.version,
       comment.created_at, comment.updated_at, comment.deleted_at
  FROM sql_account FORCE INDEX (PRIMARY)
  STRAIGHT_JOIN membership FORCE INDEX (membership_user) ON membership.user_id = sql_account.user_id
  STRAIGHT_JOIN comment FORCE INDEX (comment_workspace, comment_task) ON comment.workspace_id = membership.workspace_id
 WHERE sql_account.login = LEFT(USER(), CHAR_LENGTH(USER()) - LOCATE('@', REVERSE(USER())))
