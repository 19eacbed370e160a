CREATE PROCEDURE _empty_comment (
    IN p_workspace_id BIGINT UNSIGNED,
    IN p_comment_id   BIGINT UNSIGNED
)
    COMMENT '
Take away all that belongs to a comment, in a transaction that holds the workspace lock.

Parameters
  p_workspace_id  the workspace of the comment
  p_comment_id    the comment, which is being deleted

Result
  none
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DELETE FROM reaction WHERE workspace_id = p_workspace_id AND comment_id = p_comment_id;

    SET @headgate_deriving = TRUE;
    DELETE FROM mention WHERE workspace_id = p_workspace_id AND comment_id = p_comment_id;
    DELETE FROM comment_version WHERE workspace_id = p_workspace_id AND comment_id = p_comment_id;
    SET @headgate_deriving = NULL;
END
