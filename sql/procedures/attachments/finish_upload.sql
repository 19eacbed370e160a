CREATE PROCEDURE finish_upload (
    IN p_actor_id   BIGINT UNSIGNED,
    IN p_task_id    BIGINT UNSIGNED,
    IN p_upload_id  BIGINT UNSIGNED,
    IN p_bytes      BIGINT UNSIGNED,
    IN p_sha256     CHAR(64),
    IN p_media_type VARCHAR(127)
)
    COMMENT '
Attach a file to a task, now that all of its bytes are stored.

Only for the service, which has counted and looked at the bytes. If the task has an attachment
of the same name, the file becomes a new version of it; otherwise it is a new attachment.

Parameters
  p_actor_id    the user who asks, who began the upload
  p_task_id     the task for which it was begun
  p_upload_id   the upload
  p_bytes       how many bytes were stored
  p_sha256      SHA-256 of them, in hexadecimal
  p_media_type  what they are

Result
  one row: attachment_id, task_id, workspace_id, revision, name, version, size_bytes,
  media_type, sha256, uploaded_by, uploaded_at

Errors
  actor_not_allowed     the login may not ask for that user
  actor_required        the login may ask for any user and named none
  permission_denied     the role of the actor does not allow planning
  task_not_found        there is no such task for the actor
  upload_not_found      no upload of the actor for this task is open under that number
  attachment_too_large  more bytes were stored than it was begun for

Example
  CALL finish_upload(1, 7, 2, 1000, SHA2("map", 256), "image/png");
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_workspace_id  BIGINT UNSIGNED;
    DECLARE v_attachment_id BIGINT UNSIGNED;
    DECLARE v_reserved      BIGINT UNSIGNED;
    DECLARE v_name          VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_as_cs;

    -- An open transaction of the caller (1568) is not ours to end.
    DECLARE EXIT HANDLER FOR 1568 RESIGNAL;
    DECLARE EXIT HANDLER FOR SQLEXCEPTION
    BEGIN
        ROLLBACK;
        SET @headgate_actor_id = NULL, @headgate_deriving = NULL;
        RESIGNAL;
    END;

    SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
    START TRANSACTION;

    CALL _lock_task(p_actor_id, p_task_id, v_workspace_id);

    SELECT size_bytes, name
      INTO v_reserved, v_name
      FROM stored_file
     WHERE id = p_upload_id AND task_id = p_task_id AND created_by = p_actor_id AND state = 'pending'
       FOR UPDATE;

    IF v_reserved IS NULL THEN
        CALL raise_error('upload_not_found', CONCAT('no upload ', COALESCE(p_upload_id, 'NULL'), ' is open'),
                         JSON_OBJECT('upload_id', p_upload_id));
    END IF;

    IF p_bytes > v_reserved THEN
        CALL raise_error('attachment_too_large', CONCAT('the file was to have ', v_reserved, ' bytes and has ', p_bytes),
                         JSON_OBJECT('most_bytes', v_reserved));
    END IF;

    UPDATE stored_file
       SET state = 'kept', size_bytes = p_bytes, sha256 = p_sha256, media_type = p_media_type,
           kept_at = CURRENT_TIMESTAMP(6), collect_at = NULL
     WHERE id = p_upload_id;

    SELECT id
      INTO v_attachment_id
      FROM attachment
     WHERE workspace_id = v_workspace_id AND task_id = p_task_id AND name = v_name;

    IF v_attachment_id IS NULL THEN
        INSERT INTO attachment (workspace_id, task_id, name, file_id)
        VALUES (v_workspace_id, p_task_id, v_name, p_upload_id);
        SET v_attachment_id = LAST_INSERT_ID();
    ELSE
        UPDATE attachment SET version = version + 1, file_id = p_upload_id WHERE id = v_attachment_id;
    END IF;

    CALL _show_attachment(v_workspace_id, v_attachment_id);

    COMMIT;
    SET @headgate_actor_id = NULL;
END
