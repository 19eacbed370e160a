CREATE PROCEDURE _log_change (
    IN p_workspace_id  BIGINT UNSIGNED,
    IN p_entity        VARCHAR(16),
    IN p_action        VARCHAR(16),
    IN p_task_id       BIGINT UNSIGNED,
    IN p_depends_on_id BIGINT UNSIGNED,
    IN p_old_row       JSON,
    IN p_new_row       JSON
)
    COMMENT '
Write down a change of a workspace, under its next revision.

Called by the triggers of every fact, in the transaction of the change. The
workspace row is locked by then, so revisions have no gaps and follow the order
of commits. The session variable @headgate_actor_id says who: only a trigger
can tell that a row changed, and a trigger takes no parameters. The triggers that derive
from the change find its revision in @headgate_revision.

Parameters
  p_workspace_id   the workspace that changed
  p_entity         change_log.entity
  p_action         change_log.action
  p_task_id        change_log.task_id
  p_depends_on_id  change_log.depends_on_id
  p_old_row        change_log.old_row
  p_new_row        change_log.new_row

Result
  none
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_revision BIGINT UNSIGNED;

    -- The log is the counter of revisions. A locking read: the caller of a
    -- trigger may live in an old snapshot.
    SELECT COALESCE(MAX(revision), 0) + 1 INTO v_revision FROM change_log WHERE workspace_id = p_workspace_id FOR SHARE;

    SET @headgate_deriving = TRUE;
    INSERT INTO change_log (workspace_id, revision, actor_id, entity, action, task_id, depends_on_id, old_row, new_row)
    VALUES (p_workspace_id, v_revision, @headgate_actor_id,
            p_entity, p_action, p_task_id, p_depends_on_id, p_old_row, p_new_row);
    SET @headgate_deriving = NULL, @headgate_revision = v_revision;
END
