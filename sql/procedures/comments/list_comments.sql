CREATE PROCEDURE list_comments (
    IN p_actor_id BIGINT UNSIGNED,
    IN p_task_id  BIGINT UNSIGNED,
    IN p_after    BIGINT UNSIGNED,
    IN p_limit    INT UNSIGNED
)
    COMMENT '
List what was said about a task, oldest first.

Parameters
  p_actor_id  the user who asks; NULL for the one that the SQL login is bound to
  p_task_id   the task
  p_after     the last comment of the page before; NULL or 0 for the first page
  p_limit     how many rows at most; NULL for all

Result
  rows ordered by comment_id, as get_comment gives them, without revision

Errors
  actor_not_allowed  the login may not ask for that user
  actor_required     the login may ask for any user and named none
  permission_denied  the role of the actor does not allow reading
  task_not_found     there is no such task for the actor

Example
  CALL list_comments(NULL, 7, 0, 50);
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_workspace_id BIGINT UNSIGNED;

    CALL _authorize(p_actor_id, v_workspace_id, p_task_id, 'read');
    SET p_after = COALESCE(p_after, 0), p_limit = COALESCE(p_limit, 4294967295);

    -- _mentions() and _reactions(), written out: for each row, calling them costs more than the rest.
    SELECT comment.id AS comment_id, comment.task_id, comment.workspace_id, comment.author_id,
           app_user.username AS author, IF(comment.deleted_at IS NULL, comment.body, NULL) AS body, comment.version,
           (SELECT COALESCE(JSON_ARRAYAGG(mention.user_id), JSON_ARRAY())
              FROM mention
             WHERE mention.workspace_id = v_workspace_id AND mention.comment_id = comment.id) AS mentions,
           (SELECT COALESCE(JSON_ARRAYAGG(JSON_OBJECT('kind', kind, 'emoji', emoji, 'user_ids', user_ids)), JSON_ARRAY())
              FROM (SELECT /*+ JOIN_FIXED_ORDER() */ reaction_kind.kind, reaction_kind.emoji, JSON_ARRAYAGG(reaction.user_id) AS user_ids
                      FROM reaction
                      JOIN reaction_kind ON reaction_kind.kind = reaction.kind
                     WHERE reaction.workspace_id = v_workspace_id AND reaction.comment_id = comment.id
                     GROUP BY reaction_kind.kind, reaction_kind.emoji, reaction_kind.sort_order
                     ORDER BY reaction_kind.sort_order
                     LIMIT 1000) AS ordered) AS reactions,
           comment.created_at, comment.updated_at, comment.deleted_at
      FROM comment FORCE INDEX (comment_task)
      LEFT JOIN app_user ON app_user.id = comment.author_id
     WHERE comment.workspace_id = v_workspace_id AND comment.task_id = p_task_id AND comment.id > p_after
     ORDER BY comment.id
     LIMIT p_limit;
END
