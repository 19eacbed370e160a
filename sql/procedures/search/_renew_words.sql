CREATE PROCEDURE _renew_words (
    IN p_workspace_id BIGINT UNSIGNED,
    IN p_task_id      BIGINT UNSIGNED
)
    COMMENT '
Put the words of a task into the index of words anew: of it, or of its comments, others are left.

Parameters
  p_workspace_id  the workspace
  p_task_id       the task

Result
  none
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    SET @headgate_deriving = TRUE;
    DELETE FROM task_word WHERE workspace_id = p_workspace_id AND task_id = p_task_id;
    CALL _derive_words(p_workspace_id, p_task_id, p_task_id);
    SET @headgate_deriving = NULL;
END
