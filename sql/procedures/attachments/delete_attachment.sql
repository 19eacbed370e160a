CREATE PROCEDURE delete_attachment (
    IN p_actor_id      BIGINT UNSIGNED,
    IN p_task_id       BIGINT UNSIGNED,
    IN p_attachment_id BIGINT UNSIGNED
)
    COMMENT '
Delete an attachment, with all its versions.

Its room is free at once; its bytes are removed from storage some minutes later.

Parameters
  p_actor_id       the user who asks; NULL for the one that the SQL login is bound to
  p_task_id        the task
  p_attachment_id  the attachment

Result
  one row: attachment_id, task_id, workspace_id, revision

Errors
  actor_not_allowed     the login may not ask for that user
  actor_required        the login may ask for any user and named none
  permission_denied     the role of the actor does not allow planning
  task_not_found        there is no such task for the actor
  attachment_not_found  the task has no such attachment

Example
  CALL delete_attachment(NULL, 7, 1);
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_workspace_id BIGINT UNSIGNED;

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
    CALL _find_attachment(p_task_id, p_attachment_id);

    DELETE FROM attachment WHERE id = p_attachment_id;

    SELECT p_attachment_id AS attachment_id, p_task_id AS task_id, v_workspace_id AS workspace_id,
           _revision(v_workspace_id) AS revision;

    COMMIT;
    SET @headgate_actor_id = NULL;
END
