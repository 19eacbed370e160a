CREATE PROCEDURE _check_file (
    IN p_workspace_id BIGINT UNSIGNED,
    IN p_file_id      BIGINT UNSIGNED
)
    COMMENT '
Refuse a file that an attachment of the workspace cannot be given.

Called by the triggers of attachment, so it reads with locks.

Parameters
  p_workspace_id  the workspace of the attachment
  p_file_id       the stored file

Result
  none

Errors
  file_in_use  it is of another workspace, its bytes are not stored, or an attachment has it
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    IF NOT EXISTS (SELECT 1
                     FROM stored_file
                    WHERE id = p_file_id AND workspace_id = p_workspace_id AND state = 'kept' AND attachment_id IS NULL
                      FOR SHARE) THEN
        CALL raise_error('file_in_use', CONCAT('file ', COALESCE(p_file_id, 'NULL'), ' cannot be given to an attachment here'),
                         JSON_OBJECT('file_id', p_file_id));
    END IF;
END
