CREATE SQL SECURITY DEFINER VIEW visible_attachment (
    -- The files that hang on tasks, each as its newest version is.
    attachment_id, -- the attachment
    workspace_id,  -- the workspace
    task_id,       -- the task that it hangs on
    name,          -- what it is called, such as plan.pdf
    version,       -- the newest one, from 1
    size_bytes,    -- its size, in bytes
    media_type,    -- told from its bytes, such as application/pdf
    sha256,        -- of its bytes, in hexadecimal
    uploaded_by,   -- the user who uploaded it, or NULL
    uploaded_at    -- when it was there, in the time zone of the session
) AS
SELECT attachment.id, CAST(membership.workspace_id AS UNSIGNED), attachment.task_id, attachment.name, attachment.version,
       stored_file.size_bytes, stored_file.media_type, stored_file.sha256, stored_file.created_by, stored_file.kept_at
  FROM sql_account FORCE INDEX (PRIMARY)
  STRAIGHT_JOIN membership FORCE INDEX (membership_user) ON membership.user_id = sql_account.user_id
  STRAIGHT_JOIN attachment FORCE INDEX (attachment_name) ON attachment.workspace_id = membership.workspace_id
  STRAIGHT_JOIN stored_file FORCE INDEX (PRIMARY) ON stored_file.id = attachment.file_id
 WHERE sql_account.login = LEFT(USER(), CHAR_LENGTH(USER()) - LOCATE('@', REVERSE(USER())))
