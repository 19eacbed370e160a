CREATE PROCEDURE list_comment_versions (
    IN p_actor_id   BIGINT UNSIGNED,
    IN p_task_id    BIGINT UNSIGNED,
    IN p_comment_id BIGINT UNSIGNED
)
    COMMENT '
List all that a comment has said, oldest first.

Parameters
  p_actor_id    the user who asks; NULL for the one that the SQL login is bound to
  p_task_id     the task that it is about
  p_comment_id  the comment

Result
  rows ordered by version, the last of them what it says now: version, body, written_at;
  none once it is deleted

Errors
  actor_not_allowed  the login may not ask for that user
  actor_required     the login may ask for any user and named none
  permission_denied  the role of the actor does not allow reading
  task_not_found     there is no such task for the actor
  comment_not_found  the task has no such comment

Example
  CALL list_comment_versions(NULL, 7, 1);
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_workspace_id BIGINT UNSIGNED;

    CALL _authorize(p_actor_id, v_workspace_id, p_task_id, 'read');
    CALL _find_comment(v_workspace_id, p_task_id, p_comment_id);

    SELECT version, body, written_at
      FROM comment_version
     WHERE workspace_id = v_workspace_id AND comment_id = p_comment_id
     UNION ALL
    SELECT version, body, updated_at
      FROM comment
     WHERE workspace_id = v_workspace_id AND id = p_comment_id AND deleted_at IS NULL
     ORDER BY version;
END
