CREATE PROCEDURE rebuild_workspace (
    IN p_actor_id     BIGINT UNSIGNED,
    IN p_workspace_id BIGINT UNSIGNED
)
    COMMENT '
Recompute all derived rows of a workspace from its facts.

For a workspace that verify_workspace finds fault with, which takes a restored backup, a
dropped trigger or the like. Ranks are kept if they still agree with the dependencies.
A login that speaks for any user need not name one.

Parameters
  p_actor_id      the user who asks; NULL for the one that the SQL login is bound to
  p_workspace_id  the workspace; NULL for the personal one of the actor

Result
  one row: workspace_id, tasks, dependencies, reordered (whether ranks had to be found
  anew)

Errors
  actor_not_allowed    the login may not ask for that user
  actor_required       the login may ask for any user and named none
  permission_denied    only owners and admins may
  workspace_not_found  there is no such workspace for the actor
  dependency_cycle     the facts themselves have a cycle; the facts name tasks on it or
                       between cycles

Example
  CALL rebuild_workspace(NULL, NULL);
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_workspace_id BIGINT UNSIGNED;
    DECLARE v_tasks        INT UNSIGNED;
    DECLARE v_dependencies INT UNSIGNED;
    DECLARE v_reordered    BOOLEAN DEFAULT FALSE;
    DECLARE v_core         JSON;

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

    IF p_actor_id IS NULL AND p_workspace_id IS NOT NULL
       AND EXISTS (SELECT 1 FROM sql_account WHERE login = _login() AND user_id IS NULL) THEN
        SELECT id INTO v_workspace_id FROM workspace WHERE id = p_workspace_id FOR UPDATE;

        IF v_workspace_id IS NULL THEN
            CALL raise_error('workspace_not_found', CONCAT('no workspace ', p_workspace_id),
                             JSON_OBJECT('workspace_id', p_workspace_id));
        END IF;
    ELSE
        CALL _lock_workspace(p_actor_id, p_workspace_id, 'administer');
    END IF;

    -- A claim cannot be recomputed: one that does not hold is gone.
    DELETE claim
      FROM claim
      LEFT JOIN task
             ON task.id = claim.task_id AND task.workspace_id = p_workspace_id
            AND task.status = 'in_progress' AND task.assignee_id = claim.user_id
     WHERE claim.workspace_id = p_workspace_id AND task.id IS NULL;

    CALL _derive_memberships(JSON_ARRAY(p_workspace_id),
                             (SELECT JSON_ARRAYAGG(belongs.user_id)
                                FROM (SELECT user_id FROM membership WHERE workspace_id = p_workspace_id
                                       UNION
                                      SELECT team_member.user_id
                                        FROM team_role
                                        JOIN team_member ON team_member.team_id = team_role.team_id
                                       WHERE team_role.workspace_id = p_workspace_id
                                       UNION
                                      SELECT organization_member.user_id
                                        FROM organization_workspace
                                        JOIN organization_member USING (organization_id)
                                       WHERE organization_workspace.workspace_id = p_workspace_id) AS belongs));

    SET @headgate_deriving = TRUE;

    -- In this order and by these indexes: MySQL locks what it reads on the way, and rows of
    -- another workspace are for whoever holds the lock of that one.
    DELETE /*+ JOIN_FIXED_ORDER() */ node
      FROM node FORCE INDEX (node_order)
      LEFT JOIN task ON task.id = node.task_id AND task.workspace_id = node.workspace_id
     WHERE node.workspace_id = p_workspace_id AND task.id IS NULL;

    DELETE /*+ JOIN_FIXED_ORDER() */ node
      FROM task FORCE INDEX (task_workspace)
      JOIN node ON node.task_id = task.id
     WHERE task.workspace_id = p_workspace_id AND node.workspace_id <> p_workspace_id;

    DELETE FROM task_word WHERE workspace_id = p_workspace_id;
    CALL _derive_words(p_workspace_id, 0, 4398046511104);

    INSERT INTO node (task_id, workspace_id, topo_rank, is_open, is_pending, priority_rank)
    SELECT task.id, task.workspace_id, task.id * _rank_spacing(), task_status.is_open, task.status = 'pending',
           task_priority.sort_order
      FROM task
      JOIN task_status ON task_status.status = task.status
      JOIN task_priority ON task_priority.priority = task.priority
      LEFT JOIN node ON node.task_id = task.id
     WHERE task.workspace_id = p_workspace_id AND node.task_id IS NULL;

    UPDATE /*+ JOIN_FIXED_ORDER() */ node FORCE INDEX (node_order)
      JOIN task ON task.id = node.task_id
      JOIN task_status ON task_status.status = task.status
      JOIN task_priority ON task_priority.priority = task.priority
      LEFT JOIN (SELECT edge.task_id, COUNT(*) AS open_prerequisites
                   FROM dependency AS edge
                   JOIN task AS prerequisite ON prerequisite.id = edge.depends_on_id
                   JOIN task_status ON task_status.status = prerequisite.status
                  WHERE edge.workspace_id = p_workspace_id AND task_status.is_open
                  GROUP BY edge.task_id) AS counted ON counted.task_id = node.task_id
       SET node.is_open       = task_status.is_open,
           node.is_pending    = (task.status = 'pending'),
           node.is_claimed    = EXISTS (SELECT 1 FROM claim WHERE claim.task_id = task.id),
           node.priority_rank = task_priority.sort_order,
           node.waiting_for   = COALESCE(counted.open_prerequisites, 0)
     WHERE node.workspace_id = p_workspace_id;

    IF EXISTS (SELECT 1
                 FROM dependency AS edge
                 JOIN node AS waiting ON waiting.task_id = edge.task_id
                 JOIN node AS prerequisite ON prerequisite.task_id = edge.depends_on_id
                WHERE edge.workspace_id = p_workspace_id AND prerequisite.topo_rank >= waiting.topo_rank) THEN
        CALL _open_staging();
        INSERT INTO staged_task (line) SELECT id FROM task WHERE workspace_id = p_workspace_id;
        INSERT INTO staged_edge (line, depends_on_line)
        SELECT task_id, depends_on_id FROM dependency WHERE workspace_id = p_workspace_id;
        CALL _order_staged();

        SELECT JSON_ARRAYAGG(line)
          INTO v_core
          FROM (SELECT DISTINCT line FROM staged_edge WHERE is_core ORDER BY line LIMIT 1000) AS core;

        IF v_core IS NOT NULL THEN
            CALL raise_error('dependency_cycle', CONCAT('the dependencies have a cycle, among or between these tasks: ', v_core),
                             JSON_OBJECT('tasks', v_core));
        END IF;

        UPDATE node
          JOIN staged_order ON staged_order.line = node.task_id
           SET node.topo_rank = staged_order.place * _rank_spacing();
        CALL _close_staging();
        SET v_reordered = TRUE;
    END IF;

    SET @headgate_deriving = NULL;

    SELECT COUNT(*) INTO v_tasks FROM task WHERE workspace_id = p_workspace_id;
    SELECT COUNT(*) INTO v_dependencies FROM dependency WHERE workspace_id = p_workspace_id;
    SELECT p_workspace_id AS workspace_id, v_tasks AS tasks, v_dependencies AS dependencies, v_reordered AS reordered;

    COMMIT;
    SET @headgate_actor_id = NULL;
END
