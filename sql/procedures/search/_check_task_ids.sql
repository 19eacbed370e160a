CREATE PROCEDURE _check_task_ids (
    IN p_task_ids JSON
)
    COMMENT '
Refuse what is no list of tasks, or too long a one.

Parameters
  p_task_ids  an array of at most 1,000 task ids

Result
  none

Errors
  invalid_request  it is something else
'
    CONTAINS SQL
    SQL SECURITY DEFINER
BEGIN
    IF NOT COALESCE(JSON_TYPE(p_task_ids) = 'ARRAY' AND JSON_LENGTH(p_task_ids) <= 1000, FALSE) THEN
        CALL raise_error('invalid_request', 'task_ids is an array of at most 1,000 ids',
                         JSON_OBJECT('errors', JSON_OBJECT('task_ids', JSON_ARRAY('must be an array of at most 1,000 ids'))));
    END IF;
END
