CREATE PROCEDURE forget_orphan (
    IN p_file_id BIGINT UNSIGNED
)
    COMMENT '
Forget a file whose bytes have been removed from storage.

Only for the service.

Parameters
  p_file_id  a file that list_orphans listed; any other one stays

Result
  none

Example
  CALL forget_orphan(3);
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DELETE FROM stored_file WHERE id = p_file_id AND state = 'dropped';
END
