CREATE PROCEDURE take_upload (
    IN p_actor_id      BIGINT UNSIGNED,
    IN p_task_id       BIGINT UNSIGNED,
    IN p_upload_id     BIGINT UNSIGNED,
    IN p_lease_seconds INT UNSIGNED
)
    COMMENT '
Take over what a client has written into storage by itself: under another key, where it can write no more.

Only for the service, which copies the bytes from the one key to the other, looks at them
there, and then calls finish_upload or abandon_upload for the new upload. The old one is
over; what is under its key is removed when its lease ends, by when no client can write
there any more.

Parameters
  p_actor_id       the user who asks, who began the upload
  p_task_id        the task for which it was begun
  p_upload_id      the upload
  p_lease_seconds  how long the new one may take

Result
  one row: upload_id (the new one), workspace_id, source_key, storage_key, reserved_bytes

Errors
  actor_not_allowed  the login may not ask for that user
  actor_required     the login may ask for any user and named none
  permission_denied  the role of the actor does not allow planning
  task_not_found     there is no such task for the actor
  upload_not_found   no upload of the actor for this task is open under that number

Example
  CALL take_upload(1, 7, 2, 600);
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_workspace_id BIGINT UNSIGNED;
    DECLARE v_source_key   CHAR(32);
    DECLARE v_storage_key  CHAR(32) DEFAULT LOWER(HEX(RANDOM_BYTES(16)));
    DECLARE v_name         VARCHAR(255);
    DECLARE v_bytes        BIGINT UNSIGNED;

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

    SELECT storage_key, name, size_bytes
      INTO v_source_key, v_name, v_bytes
      FROM stored_file
     WHERE id = p_upload_id AND task_id = p_task_id AND created_by = p_actor_id AND state = 'pending'
       FOR UPDATE;

    IF v_source_key IS NULL THEN
        CALL raise_error('upload_not_found', CONCAT('no upload ', COALESCE(p_upload_id, 'NULL'), ' is open'),
                         JSON_OBJECT('upload_id', p_upload_id));
    END IF;

    UPDATE stored_file SET state = 'dropped' WHERE id = p_upload_id;

    INSERT INTO stored_file (workspace_id, storage_key, task_id, name, size_bytes, created_by, collect_at)
    VALUES (v_workspace_id, v_storage_key, p_task_id, v_name, v_bytes, p_actor_id,
            CURRENT_TIMESTAMP(6) + INTERVAL p_lease_seconds SECOND);

    SELECT LAST_INSERT_ID() AS upload_id, v_workspace_id AS workspace_id, v_source_key AS source_key,
           v_storage_key AS storage_key, v_bytes AS reserved_bytes;

    COMMIT;
    SET @headgate_actor_id = NULL;
END
