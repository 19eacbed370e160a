CREATE PROCEDURE _find_attachment (
    IN p_task_id       BIGINT UNSIGNED,
    IN p_attachment_id BIGINT UNSIGNED
)
    COMMENT '
Refuse an attachment that a task does not have.

Parameters
  p_task_id        a task that the actor may see
  p_attachment_id  the attachment that is asked for

Result
  none

Errors
  attachment_not_found  the task has no such attachment
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    IF NOT EXISTS (SELECT 1 FROM attachment WHERE id = p_attachment_id AND task_id = p_task_id) THEN
        CALL raise_error('attachment_not_found', CONCAT('no attachment ', COALESCE(p_attachment_id, 'NULL')),
                         JSON_OBJECT('attachment_id', p_attachment_id));
    END IF;
END
