CREATE PROCEDURE list_attachment_versions (
    IN p_actor_id      BIGINT UNSIGNED,
    IN p_task_id       BIGINT UNSIGNED,
    IN p_attachment_id BIGINT UNSIGNED,
    IN p_skip          INT UNSIGNED,
    IN p_limit         INT UNSIGNED
)
    COMMENT '
List the versions of an attachment, the newest first.

Parameters
  p_actor_id       the user who asks; NULL for the one that the SQL login is bound to
  p_task_id        the task
  p_attachment_id  the attachment
  p_skip           how many rows to leave out; NULL for none
  p_limit          how many rows at most; NULL for all

Result
  rows by falling version: version, size_bytes, media_type, sha256, uploaded_by, uploaded_at

Errors
  actor_not_allowed     the login may not ask for that user
  actor_required        the login may ask for any user and named none
  permission_denied     the role of the actor does not allow reading
  task_not_found        there is no such task for the actor
  attachment_not_found  the task has no such attachment

Example
  CALL list_attachment_versions(NULL, 7, 1, 0, 50);
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_workspace_id BIGINT UNSIGNED;

    CALL _authorize(p_actor_id, v_workspace_id, p_task_id, 'read');
    CALL _find_attachment(p_task_id, p_attachment_id);
    SET p_skip = COALESCE(p_skip, 0), p_limit = COALESCE(p_limit, 4294967295);

    SELECT version, size_bytes, media_type, sha256, created_by AS uploaded_by, kept_at AS uploaded_at
      FROM stored_file
     WHERE attachment_id = p_attachment_id
     ORDER BY version DESC
     LIMIT p_limit OFFSET p_skip;
END
