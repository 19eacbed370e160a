CREATE PROCEDURE _log_reaction (
    IN p_action       VARCHAR(16),
    IN p_workspace_id BIGINT UNSIGNED,
    IN p_comment_id   BIGINT UNSIGNED,
    IN p_kind         VARCHAR(16),
    IN p_user_id      BIGINT UNSIGNED
)
    COMMENT '
Write down that a reaction came or went.

Parameters
  p_action        insert or delete
  p_workspace_id  the workspace of the comment
  p_comment_id    the comment
  p_kind          reaction.kind
  p_user_id       whose reaction it is

Result
  none
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_task_id BIGINT UNSIGNED;
    DECLARE v_row     JSON DEFAULT JSON_OBJECT('comment_id', p_comment_id, 'kind', p_kind, 'user_id', p_user_id);

    -- A locking read: the caller of a trigger may live in an old snapshot.
    SELECT task_id INTO v_task_id FROM comment WHERE id = p_comment_id FOR SHARE;

    CALL _log_change(p_workspace_id, 'reaction', p_action, v_task_id, NULL,
                     IF(p_action = 'delete', v_row, NULL), IF(p_action = 'insert', v_row, NULL));
END
