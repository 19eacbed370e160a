CREATE PROCEDURE get_attachment (
    IN p_actor_id      BIGINT UNSIGNED,
    IN p_task_id       BIGINT UNSIGNED,
    IN p_attachment_id BIGINT UNSIGNED
)
    COMMENT '
Show one attachment with what its newest version is.

Parameters
  p_actor_id       the user who asks; NULL for the one that the SQL login is bound to
  p_task_id        the task
  p_attachment_id  the attachment

Result
  one row: attachment_id, task_id, workspace_id, revision, name, version, size_bytes,
  media_type, sha256, uploaded_by, uploaded_at

Errors
  actor_not_allowed     the login may not ask for that user
  actor_required        the login may ask for any user and named none
  permission_denied     the role of the actor does not allow reading
  task_not_found        there is no such task for the actor
  attachment_not_found  the task has no such attachment

Example
  CALL get_attachment(NULL, 7, 1);
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_workspace_id BIGINT UNSIGNED;

    CALL _authorize(p_actor_id, v_workspace_id, p_task_id, 'read');
    CALL _find_attachment(p_task_id, p_attachment_id);
    CALL _show_attachment(v_workspace_id, p_attachment_id);
END
