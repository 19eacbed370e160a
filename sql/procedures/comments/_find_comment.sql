CREATE PROCEDURE _find_comment (
    IN p_workspace_id BIGINT UNSIGNED,
    IN p_task_id      BIGINT UNSIGNED,
    IN p_comment_id   BIGINT UNSIGNED
)
    COMMENT '
Refuse a comment that a task does not have.

Parameters
  p_workspace_id  the workspace of the task
  p_task_id       a task that the actor may see
  p_comment_id    the comment that is asked for

Result
  none

Errors
  comment_not_found  the task has no such comment
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    IF NOT EXISTS (SELECT 1 FROM comment WHERE workspace_id = p_workspace_id AND task_id = p_task_id AND id = p_comment_id) THEN
        CALL raise_error('comment_not_found', CONCAT('no comment ', COALESCE(p_comment_id, 'NULL')),
                         JSON_OBJECT('comment_id', p_comment_id));
    END IF;
END
