CREATE PROCEDURE get_attachment_file (
    IN p_actor_id      BIGINT UNSIGNED,
    IN p_task_id       BIGINT UNSIGNED,
    IN p_attachment_id BIGINT UNSIGNED,
    IN p_version       INT UNSIGNED
)
    COMMENT '
Say where the bytes of an attachment are, for its download.

Only for the service, which can read them.

Parameters
  p_actor_id       the user who asks
  p_task_id        the task
  p_attachment_id  the attachment
  p_version        which version; NULL for the newest

Result
  one row: storage_key, name, version, size_bytes, media_type, sha256, uploaded_at

Errors
  actor_not_allowed     the login may not ask for that user
  actor_required        the login may ask for any user and named none
  permission_denied     the role of the actor does not allow reading
  task_not_found        there is no such task for the actor
  attachment_not_found  the task has no such attachment, or the attachment no such version

Example
  CALL get_attachment_file(1, 7, 1, NULL);
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_workspace_id BIGINT UNSIGNED;

    CALL _authorize(p_actor_id, v_workspace_id, p_task_id, 'read');
    CALL _find_attachment(p_task_id, p_attachment_id);

    IF p_version IS NOT NULL
       AND NOT EXISTS (SELECT 1 FROM stored_file WHERE attachment_id = p_attachment_id AND version = p_version) THEN
        CALL raise_error('attachment_not_found', CONCAT('attachment ', p_attachment_id, ' has no version ', p_version),
                         JSON_OBJECT('attachment_id', p_attachment_id, 'version', p_version));
    END IF;

    SELECT file.storage_key, attachment.name, file.version, file.size_bytes, file.media_type, file.sha256,
           file.kept_at AS uploaded_at
      FROM attachment
      JOIN stored_file AS file ON file.attachment_id = attachment.id AND file.version = COALESCE(p_version, attachment.version)
     WHERE attachment.id = p_attachment_id;
END
