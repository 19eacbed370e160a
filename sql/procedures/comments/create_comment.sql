CREATE PROCEDURE create_comment (
    IN p_actor_id BIGINT UNSIGNED,
    IN p_task_id  BIGINT UNSIGNED,
    IN p_body     MEDIUMTEXT
)
    COMMENT '
Say something about a task.

Members who are named with an @ before their names are mentioned, unless it is in code.

Parameters
  p_actor_id  the user who asks; NULL for the one that the SQL login is bound to
  p_task_id   the task
  p_body      what to say, in Markdown, up to 16000 characters; kept as it is written

Result
  one comment row, as get_comment gives it

Errors
  actor_not_allowed  the login may not ask for that user
  actor_required     the login may ask for any user and named none
  permission_denied  the role of the actor does not allow planning
  task_not_found     there is no such task for the actor
  invalid_comment    the text is blank or too long

Example
  CALL create_comment(NULL, 7, "Who looks after the **backups**, @demo?");
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

    CALL _check_comment(p_body);
    CALL _lock_task(p_actor_id, p_task_id, v_workspace_id);

    INSERT INTO comment (workspace_id, task_id, author_id, body) VALUES (v_workspace_id, p_task_id, p_actor_id, p_body);
    CALL _show_comment(v_workspace_id, LAST_INSERT_ID());

    COMMIT;
    SET @headgate_actor_id = NULL;
END
