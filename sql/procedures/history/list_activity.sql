CREATE PROCEDURE list_activity (
    IN p_actor_id        BIGINT UNSIGNED,
    IN p_task_id         BIGINT UNSIGNED,
    IN p_before_revision BIGINT UNSIGNED,
    IN p_limit           INT UNSIGNED
)
    COMMENT '
List what happened to a task and what was said about it, newest first.

These are the lines of the change log about the task, each once; where one tells that a
comment was written, it has what the comment says now. No line changes and new ones come
before all others, so pages fit together whatever happens meanwhile.

Parameters
  p_actor_id         the user who asks; NULL for the one that the SQL login is bound to
  p_task_id          the task
  p_before_revision  the last revision of the page before; NULL for the first page
  p_limit            how many rows at most; NULL for all

Result
  rows ordered by falling revision: workspace_id, task_id, revision, changed_at, actor_id
  (the user; NULL for a change by raw SQL), actor (the name), login (the MySQL user name),
  entity (task, tag, dependency, comment, reaction or attachment), action (insert, update
  or delete), depends_on_id, old_row and new_row (as of list_changes); and where a comment
  was written what get_comment shows of it: comment_id, author_id, author, body, version, mentions,
  reactions, created_at, updated_at, deleted_at

Errors
  actor_not_allowed  the login may not ask for that user
  actor_required     the login may ask for any user and named none
  permission_denied  the role of the actor does not allow reading
  task_not_found     there is no such task for the actor

Example
  CALL list_activity(NULL, 7, NULL, 20);
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_workspace_id BIGINT UNSIGNED;

    CALL _authorize(p_actor_id, v_workspace_id, p_task_id, 'read');
    SET p_before_revision = COALESCE(p_before_revision, 18446744073709551615), p_limit = COALESCE(p_limit, 4294967295);

    -- _mentions() and _reactions(), written out: for each row, calling them costs more than the rest.
    SELECT /*+ JOIN_FIXED_ORDER() NO_MERGE(line) */
           v_workspace_id AS workspace_id, p_task_id AS task_id, line.revision, line.changed_at, line.actor_id,
           actor.username AS actor, line.login, line.entity, line.action, line.depends_on_id, line.old_row, line.new_row,
           comment.id AS comment_id, comment.author_id, author.username AS author,
           IF(comment.deleted_at IS NULL, comment.body, NULL) AS body, comment.version,
           IF(comment.id IS NULL, NULL,
              (SELECT COALESCE(JSON_ARRAYAGG(mention.user_id), JSON_ARRAY())
                 FROM mention
                WHERE mention.workspace_id = v_workspace_id AND mention.comment_id = comment.id)) AS mentions,
           IF(comment.id IS NULL, NULL,
              (SELECT COALESCE(JSON_ARRAYAGG(JSON_OBJECT('kind', kind, 'emoji', emoji, 'user_ids', user_ids)), JSON_ARRAY())
                 FROM (SELECT /*+ JOIN_FIXED_ORDER() */ reaction_kind.kind, reaction_kind.emoji, JSON_ARRAYAGG(reaction.user_id) AS user_ids
                         FROM reaction
                         JOIN reaction_kind ON reaction_kind.kind = reaction.kind
                        WHERE reaction.workspace_id = v_workspace_id AND reaction.comment_id = comment.id
                        GROUP BY reaction_kind.kind, reaction_kind.emoji, reaction_kind.sort_order
                        ORDER BY reaction_kind.sort_order
                        LIMIT 1000) AS ordered)) AS reactions,
           comment.created_at, comment.updated_at, comment.deleted_at
      FROM (SELECT /*+ INDEX(change_log change_log_activity) */
                   revision, changed_at, actor_id, login, entity, action, depends_on_id, old_row, new_row,
                   IF(entity = 'comment' AND action = 'insert',
                      CAST(JSON_EXTRACT(new_row, '$.comment_id') AS UNSIGNED), NULL) AS comment_id
              FROM change_log
             WHERE workspace_id = v_workspace_id AND task_id = p_task_id AND revision < p_before_revision
             ORDER BY revision DESC
             LIMIT p_limit) AS line
      LEFT JOIN app_user AS actor ON actor.id = line.actor_id
      LEFT JOIN comment ON comment.id = line.comment_id AND comment.workspace_id = v_workspace_id
      LEFT JOIN app_user AS author ON author.id = comment.author_id
     ORDER BY line.revision DESC;
END
