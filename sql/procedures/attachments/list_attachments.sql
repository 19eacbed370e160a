CREATE PROCEDURE list_attachments (
    IN p_actor_id BIGINT UNSIGNED,
    IN p_task_id  BIGINT UNSIGNED,
    IN p_skip     INT UNSIGNED,
    IN p_limit    INT UNSIGNED
)
    COMMENT '
List the attachments of a task, each with what its newest version is.

Parameters
  p_actor_id  the user who asks; NULL for the one that the SQL login is bound to
  p_task_id   the task
  p_skip      how many rows to leave out; NULL for none
  p_limit     how many rows at most; NULL for all

Result
  rows ordered by name: attachment_id, name, version, size_bytes, media_type, sha256,
  uploaded_by, uploaded_at

Errors
  actor_not_allowed  the login may not ask for that user
  actor_required     the login may ask for any user and named none
  permission_denied  the role of the actor does not allow reading
  task_not_found     there is no such task for the actor

Example
  CALL list_attachments(NULL, 7, 0, 50);
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_workspace_id BIGINT UNSIGNED;

    CALL _authorize(p_actor_id, v_workspace_id, p_task_id, 'read');
    SET p_skip = COALESCE(p_skip, 0), p_limit = COALESCE(p_limit, 4294967295);

    SELECT /*+ JOIN_FIXED_ORDER() INDEX(attachment attachment_name) */
           attachment.id AS attachment_id, attachment.name, attachment.version, file.size_bytes, file.media_type, file.sha256,
           file.created_by AS uploaded_by, file.kept_at AS uploaded_at
      FROM attachment
      JOIN stored_file AS file ON file.id = attachment.file_id
     WHERE attachment.workspace_id = v_workspace_id AND attachment.task_id = p_task_id
     ORDER BY attachment.name
     LIMIT p_limit OFFSET p_skip;
END
