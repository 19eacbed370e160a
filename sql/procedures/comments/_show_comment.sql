CREATE PROCEDURE _show_comment (
    IN p_workspace_id BIGINT UNSIGNED,
    IN p_comment_id   BIGINT UNSIGNED
)
    COMMENT '
Show one comment.

Parameters
  p_workspace_id  its workspace
  p_comment_id    the comment

Result
  one row, as for get_comment
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    SELECT comment.id AS comment_id, comment.task_id, comment.workspace_id, comment.author_id,
           app_user.username AS author, IF(comment.deleted_at IS NULL, comment.body, NULL) AS body, comment.version,
           _mentions(comment.workspace_id, comment.id) AS mentions,
           _reactions(comment.workspace_id, comment.id) AS reactions,
           comment.created_at, comment.updated_at, comment.deleted_at,
           _revision(p_workspace_id) AS revision
      FROM comment
      LEFT JOIN app_user ON app_user.id = comment.author_id
     WHERE comment.workspace_id = p_workspace_id AND comment.id = p_comment_id;
END
