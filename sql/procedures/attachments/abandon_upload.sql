CREATE PROCEDURE abandon_upload (
    IN p_upload_id BIGINT UNSIGNED
)
    COMMENT '
Give up an upload: free its room, and let its bytes be removed.

Only for the service. An upload that was finished or given up already stays what it is.

Parameters
  p_upload_id  the upload

Result
  none

Example
  CALL abandon_upload(2);
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    UPDATE stored_file
       SET state = 'dropped', collect_at = CURRENT_TIMESTAMP(6)
     WHERE id = p_upload_id AND state = 'pending';
END
