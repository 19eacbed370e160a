CREATE PROCEDURE _remove_dependency (
    IN p_workspace_id  BIGINT UNSIGNED,
    IN p_task_id       BIGINT UNSIGNED,
    IN p_depends_on_id BIGINT UNSIGNED
)
    COMMENT '
Let a task no longer wait for another, in a transaction that holds the workspace lock.

Parameters
  p_workspace_id   the workspace of both
  p_task_id        the task that waits
  p_depends_on_id  the task it waits for

Result
  none

Errors
  dependency_not_found  the first task does not directly wait for the second
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DELETE FROM dependency
     WHERE workspace_id = p_workspace_id AND task_id = p_task_id AND depends_on_id = p_depends_on_id;

    IF ROW_COUNT() = 0 THEN
        CALL raise_error('dependency_not_found',
                         CONCAT('task ', p_task_id, ' does not directly wait for task ', p_depends_on_id),
                         JSON_OBJECT('task_id', p_task_id, 'depends_on_id', p_depends_on_id));
    END IF;
END
