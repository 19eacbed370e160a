CREATE PROCEDURE begin_upload (
    IN p_actor_id      BIGINT UNSIGNED,
    IN p_task_id       BIGINT UNSIGNED,
    IN p_name          VARCHAR(255),
    IN p_bytes         BIGINT UNSIGNED,
    IN p_most_bytes    BIGINT UNSIGNED,
    IN p_quota_bytes   BIGINT UNSIGNED,
    IN p_lease_seconds INT UNSIGNED
)
    COMMENT '
Reserve room for a file that is to be attached to a task, and say where its bytes go.

Only for the service, which stores the bytes and then calls finish_upload, or abandon_upload.
What it has done neither for when the lease ends is given up: list_orphans hands out what is
then to be removed. The room is reserved under the lock of the workspace, so uploads that are
made at once do not exceed it together.

Parameters
  p_actor_id       the user who asks
  p_task_id        the task
  p_name           what the attachment is called; if the task has one of that name, the file
                   becomes a new version of it
  p_bytes          how many bytes it has; NULL: nobody knows, so as many are reserved as one
                   file may have, or as there is room for
  p_most_bytes     how many one file may have
  p_quota_bytes    how many all of a workspace may have, where the workspace says nothing else
  p_lease_seconds  how long the upload may take

Result
  one row: upload_id, workspace_id, storage_key, reserved_bytes (how many it may have)

Errors
  actor_not_allowed     the login may not ask for that user
  actor_required        the login may ask for any user and named none
  permission_denied     the role of the actor does not allow planning
  task_not_found        there is no such task for the actor
  invalid_request       the name is empty, . or .., or has a slash, a control character or another
                        that cannot be seen in it (joiners may be)
  attachment_too_large  one file may not have as many bytes
  quota_exceeded        there is not as much room left

Example
  CALL begin_upload(1, 7, "plan.pdf", 1000, 1048576, 10485760, 600);
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_workspace_id BIGINT UNSIGNED;
    DECLARE v_storage_key  CHAR(32) DEFAULT LOWER(HEX(RANDOM_BYTES(16)));
    DECLARE v_quota        BIGINT UNSIGNED;
    DECLARE v_used         BIGINT UNSIGNED;

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

    IF COALESCE(TRIM(p_name), '') IN ('', '.', '..') OR p_name REGEXP '[[:cntrl:]/\\\\]|(?![\\u200c\\u200d])\\p{Cf}' THEN
        CALL raise_error('invalid_request', 'an attachment needs a name, without slashes and characters that cannot be seen',
                         JSON_OBJECT('errors', JSON_OBJECT('name',
                             JSON_ARRAY('is empty, . or .., or has a slash or a character that cannot be seen'))));
    END IF;

    IF p_bytes > p_most_bytes THEN
        CALL raise_error('attachment_too_large', CONCAT('a file may have ', p_most_bytes, ' bytes and not ', p_bytes),
                         JSON_OBJECT('most_bytes', p_most_bytes));
    END IF;

    SELECT COALESCE(workspace.attachment_quota_bytes, p_quota_bytes),
           (SELECT COALESCE(SUM(size_bytes), 0)
              FROM stored_file
             WHERE workspace_id = v_workspace_id AND state IN ('pending', 'kept'))
      INTO v_quota, v_used
      FROM workspace
     WHERE workspace.id = v_workspace_id;

    -- Nothing more fits into a workspace that is full, not even a file of which nobody knows the size.
    IF v_used + COALESCE(p_bytes, 1) > v_quota THEN
        CALL raise_error('quota_exceeded', CONCAT('the attachments of the workspace take ', v_used, ' of ', v_quota, ' bytes'),
                         JSON_OBJECT('workspace_id', v_workspace_id, 'used_bytes', v_used, 'quota_bytes', v_quota));
    END IF;

    SET p_bytes = COALESCE(p_bytes, LEAST(p_most_bytes, v_quota - v_used));

    INSERT INTO stored_file (workspace_id, storage_key, task_id, name, size_bytes, created_by, collect_at)
    VALUES (v_workspace_id, v_storage_key, p_task_id, TRIM(p_name), p_bytes, p_actor_id,
            CURRENT_TIMESTAMP(6) + INTERVAL p_lease_seconds SECOND);

    SELECT LAST_INSERT_ID() AS upload_id, v_workspace_id AS workspace_id, v_storage_key AS storage_key,
           p_bytes AS reserved_bytes;

    COMMIT;
    SET @headgate_actor_id = NULL;
END
