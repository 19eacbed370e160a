CREATE PROCEDURE _lock_comment (
    INOUT p_actor_id     BIGINT UNSIGNED,
    IN    p_task_id      BIGINT UNSIGNED,
    IN    p_comment_id   BIGINT UNSIGNED,
    OUT   p_workspace_id BIGINT UNSIGNED,
    OUT   p_author_id    BIGINT UNSIGNED
)
    COMMENT '
Begin a change of a comment: lock the workspace of its task, then ask whether it can be changed.

Parameters
  p_actor_id      as for _identify
  p_task_id       the task
  p_comment_id    the comment
  p_workspace_id  the workspace of the task
  p_author_id     who wrote the comment; NULL if a SQL login inserted it

Result
  none

Errors
  actor_not_allowed  as for _identify
  actor_required     as for _identify
  permission_denied  the role of the actor does not allow planning
  task_not_found     there is no such task for this actor
  comment_not_found  the task has no such comment
  comment_deleted    only its place is left
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_is_deleted BOOLEAN;

    CALL _lock_task(p_actor_id, p_task_id, p_workspace_id);
    CALL _find_comment(p_workspace_id, p_task_id, p_comment_id);

    SELECT author_id, deleted_at IS NOT NULL
      INTO p_author_id, v_is_deleted
      FROM comment
     WHERE id = p_comment_id;

    IF v_is_deleted THEN
        CALL raise_error('comment_deleted', CONCAT('comment ', p_comment_id, ' was deleted'),
                         JSON_OBJECT('comment_id', p_comment_id));
    END IF;
END
