CREATE PROCEDURE list_changes (
    IN p_actor_id       BIGINT UNSIGNED,
    IN p_workspace_id   BIGINT UNSIGNED,
    IN p_after_revision BIGINT UNSIGNED,
    IN p_limit          INT UNSIGNED
)
    COMMENT '
List the changes of a workspace, oldest first.

To follow a workspace, ask again and again for what came after the last revision seen:
revisions have no gaps and follow the order of commits, so nothing is missed.

Parameters
  p_actor_id        the user who asks; NULL for the one that the SQL login is bound to
  p_workspace_id    the workspace; NULL for the personal one of the actor
  p_after_revision  the last revision that is known already; NULL or 0 for none
  p_limit           how many rows at most; NULL for all

Result
  rows ordered by revision: revision, changed_at, actor_id (the user; NULL for a change
  by raw SQL), login (the MySQL user name), entity (workspace, membership, task, tag,
  dependency, comment, reaction or attachment), action (insert, update or delete),
  task_id, depends_on_id, old_row and new_row (objects with the columns before and after; NULL
  where the ids say it all; of a comment which it is, never what it says)

Errors
  actor_not_allowed    the login may not ask for that user
  actor_required       the login may ask for any user and named none
  permission_denied    the role of the actor does not allow reading
  workspace_not_found  there is no such workspace for the actor
  revision_gone        the log is not kept that far back; read the workspace anew and go on from its revision
  revision_unknown     the workspace has not come to that revision

Example
  CALL list_changes(NULL, NULL, 0, 100);
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_oldest BIGINT UNSIGNED;

    CALL _find_workspace(p_actor_id, p_workspace_id);
    SET p_after_revision = COALESCE(p_after_revision, 0), p_limit = COALESCE(p_limit, 4294967295);
    CALL _check_revision(p_workspace_id, p_after_revision);

    SET v_oldest = (SELECT MIN(revision) FROM change_log WHERE workspace_id = p_workspace_id);

    IF p_after_revision + 1 < v_oldest THEN
        CALL raise_error('revision_gone', CONCAT('the log of workspace ', p_workspace_id, ' begins with revision ', v_oldest),
                         JSON_OBJECT('workspace_id', p_workspace_id, 'revision', p_after_revision, 'oldest', v_oldest,
                                     'newest', _revision(p_workspace_id)));
    END IF;

    SELECT revision, changed_at, actor_id, login, entity, action, task_id, depends_on_id, old_row, new_row
      FROM change_log
     WHERE workspace_id = p_workspace_id AND revision > p_after_revision
     ORDER BY revision
     LIMIT p_limit;
END
