CREATE PROCEDURE _find_comment (
    IN  p_workspace_id BIGINT UNSIGNED,
    IN  p_task_id      BIGINT UNSIGNED,
    IN  p_comment_id   BIGINT UNSIGNED,
    OUT p_author_id    BIGINT UNSIGNED
)
    COMMENT '
Find a comment that is to be changed.

Parameters
  p_workspace_id  the workspace of the task
  p_task_id       the task, which the actor may change
  p_comment_id    the comment
  p_author_id     who wrote it; NULL if a SQL login inserted it

Result
  none

Errors
  comment_not_found  the task has no such comment
  comment_deleted    only its place is left
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_is_deleted BOOLEAN;

    SELECT author_id, deleted_at IS NOT NULL
      INTO p_author_id, v_is_deleted
      FROM comment
     WHERE workspace_id = p_workspace_id AND task_id = p_task_id AND id = p_comment_id;

    IF v_is_deleted IS NULL THEN
        CALL raise_error('comment_not_found', CONCAT('no comment ', COALESCE(p_comment_id, 'NULL')),
                         JSON_OBJECT('comment_id', p_comment_id));
    END IF;

    IF v_is_deleted THEN
        CALL raise_error('comment_deleted', CONCAT('comment ', p_comment_id, ' was deleted'),
                         JSON_OBJECT('comment_id', p_comment_id));
    END IF;
END
