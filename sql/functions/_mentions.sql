CREATE FUNCTION _mentions (
    p_workspace_id BIGINT UNSIGNED,
    p_comment_id   BIGINT UNSIGNED
)
    RETURNS JSON
    COMMENT '
Say whom a comment mentions.

Parameters
  p_workspace_id  the workspace of the comment
  p_comment_id    the comment

Result
  an array of users
'
    READS SQL DATA
    SQL SECURITY DEFINER
RETURN (
    SELECT COALESCE(JSON_ARRAYAGG(user_id), JSON_ARRAY())
      FROM mention
     WHERE workspace_id = p_workspace_id AND comment_id = p_comment_id)
