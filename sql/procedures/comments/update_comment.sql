CREATE PROCEDURE update_comment (
    IN p_actor_id   BIGINT UNSIGNED,
    IN p_task_id    BIGINT UNSIGNED,
    IN p_comment_id BIGINT UNSIGNED,
    IN p_body       MEDIUMTEXT
)
    COMMENT '
Change what a comment of the actor says.

What it said before is kept: list_comment_versions shows it.

Parameters
  p_actor_id    the user who asks; NULL for the one that the SQL login is bound to
  p_task_id     the task that it is about
  p_comment_id  the comment
  p_body        what to say instead, as for create_comment

Result
  one comment row, as get_comment gives it

Errors
  actor_not_allowed  the login may not ask for that user
  actor_required     the login may ask for any user and named none
  permission_denied  somebody else wrote it, or the role of the actor does not allow
                     planning
  task_not_found     there is no such task for the actor
  comment_not_found  the task has no such comment
  comment_deleted    only its place is left
  invalid_comment    the text is blank or too long

Example
  CALL update_comment(NULL, 7, 1, "Who looks after the **backups**, @grace?");
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

    CALL _check_comment(p_body);
    CALL _lock_comment(p_actor_id, p_task_id, p_comment_id, v_workspace_id, v_author_id);

    IF NOT v_author_id <=> p_actor_id THEN
        CALL raise_error('permission_denied', 'only its author changes a comment',
                         JSON_OBJECT('workspace_id', v_workspace_id, 'comment_id', p_comment_id));
    END IF;

    UPDATE comment SET body = p_body WHERE id = p_comment_id;
    CALL _show_comment(v_workspace_id, p_comment_id);

    COMMIT;
    SET @headgate_actor_id = NULL;
END
