CREATE PROCEDURE get_comment (
    IN p_actor_id   BIGINT UNSIGNED,
    IN p_task_id    BIGINT UNSIGNED,
    IN p_comment_id BIGINT UNSIGNED
)
    COMMENT '
Show one comment.

Parameters
  p_actor_id    the user who asks; NULL for the one that the SQL login is bound to
  p_task_id     the task that it is about
  p_comment_id  the comment

Result
  one row: comment_id, task_id, workspace_id, author_id, author (a user name; both NULL if
  a SQL login inserted it), body (Markdown; NULL once it is deleted), version, mentions (an
  array of the users it names), reactions (an array of objects: kind, emoji, user_ids),
  created_at, updated_at, deleted_at, revision

Errors
  actor_not_allowed  the login may not ask for that user
  actor_required     the login may ask for any user and named none
  permission_denied  the role of the actor does not allow reading
  task_not_found     there is no such task for the actor
  comment_not_found  the task has no such comment

Example
  CALL get_comment(NULL, 7, 1);
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_workspace_id BIGINT UNSIGNED;

    CALL _authorize(p_actor_id, v_workspace_id, p_task_id, 'read');
    CALL _find_comment(v_workspace_id, p_task_id, p_comment_id);

    CALL _show_comment(v_workspace_id, p_comment_id);
END
