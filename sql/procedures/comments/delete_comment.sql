CREATE PROCEDURE delete_comment (
    IN p_actor_id   BIGINT UNSIGNED,
    IN p_task_id    BIGINT UNSIGNED,
    IN p_comment_id BIGINT UNSIGNED
)
    COMMENT '
Delete a comment: its place is left, and nothing that it ever said.

Its author may, and whoever administers the workspace. The change log tells that it was
written, changed and deleted, by whom and when; it never had the text.

Parameters
  p_actor_id    the user who asks; NULL for the one that the SQL login is bound to
  p_task_id     the task that it is about
  p_comment_id  the comment

Result
  one row: comment_id, task_id, workspace_id, revision

Errors
  actor_not_allowed  the login may not ask for that user
  actor_required     the login may ask for any user and named none
  permission_denied  somebody else wrote it and the role of the actor does not allow
                     administering, or not even planning
  task_not_found     there is no such task for the actor
  comment_not_found  the task has no such comment
  comment_deleted    it was deleted before

Example
  CALL delete_comment(NULL, 7, 1);
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_workspace_id BIGINT UNSIGNED;
    DECLARE v_author_id    BIGINT UNSIGNED;

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

    CALL _lock_comment(p_actor_id, p_task_id, p_comment_id, v_workspace_id, v_author_id);

    IF NOT v_author_id <=> p_actor_id THEN
        CALL _authorize(p_actor_id, v_workspace_id, p_task_id, 'administer');
    END IF;

    UPDATE comment SET deleted_at = CURRENT_TIMESTAMP(6) WHERE id = p_comment_id;

    SELECT p_comment_id AS comment_id, p_task_id AS task_id, v_workspace_id AS workspace_id,
           _revision(v_workspace_id) AS revision;

    COMMIT;
    SET @headgate_actor_id = NULL;
END
