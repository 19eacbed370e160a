CREATE PROCEDURE _show_attachment (
    IN p_workspace_id  BIGINT UNSIGNED,
    IN p_attachment_id BIGINT UNSIGNED
)
    COMMENT '
Show one attachment with what its newest version is.

Parameters
  p_workspace_id   its workspace
  p_attachment_id  the attachment

Result
  one row, as for get_attachment
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    SELECT attachment.id AS attachment_id, attachment.task_id, attachment.workspace_id, _revision(p_workspace_id) AS revision,
           attachment.name, attachment.version, file.size_bytes, file.media_type, file.sha256,
           file.created_by AS uploaded_by, file.kept_at AS uploaded_at
      FROM attachment
      JOIN stored_file AS file ON file.id = attachment.file_id
     WHERE attachment.id = p_attachment_id;
END
