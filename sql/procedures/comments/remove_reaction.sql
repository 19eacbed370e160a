CREATE PROCEDURE remove_reaction (
    IN p_actor_id   BIGINT UNSIGNED,
    IN p_task_id    BIGINT UNSIGNED,
    IN p_comment_id BIGINT UNSIGNED,
    IN p_kind       VARCHAR(16)
)
    COMMENT '
Take a reaction to a comment back.

Who has not reacted to it in this way does nothing.

Parameters
  p_actor_id    the user who asks; NULL for the one that the SQL login is bound to
  p_task_id     the task that the comment is about
  p_comment_id  the comment
  p_kind        how: thumbs_up, thumbs_down, laugh, hooray, confused, heart, rocket or eyes

Result
  one row: comment_id, task_id, workspace_id, reactions (an array of objects: kind, emoji,
  user_ids), revision

Errors
  actor_not_allowed  the login may not ask for that user
  actor_required     the login may ask for any user and named none
  permission_denied  the role of the actor does not allow planning
  task_not_found     there is no such task for the actor
  comment_not_found  the task has no such comment
  comment_deleted    only its place is left
  reaction_unknown   there is no such way to react

Example
  CALL remove_reaction(NULL, 7, 1, "rocket");
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
    CALL _check_reaction(p_kind);

    DELETE FROM reaction
     WHERE workspace_id = v_workspace_id AND comment_id = p_comment_id AND kind = p_kind AND user_id = p_actor_id;

    SELECT p_comment_id AS comment_id, p_task_id AS task_id, v_workspace_id AS workspace_id,
           _reactions(v_workspace_id, p_comment_id) AS reactions, _revision(v_workspace_id) AS revision;

    COMMIT;
    SET @headgate_actor_id = NULL;
END
