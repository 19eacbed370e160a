CREATE PROCEDURE _insert_dependency (
    IN p_workspace_id  BIGINT UNSIGNED,
    IN p_task_id       BIGINT UNSIGNED,
    IN p_depends_on_id BIGINT UNSIGNED,
    IN p_actor_id      BIGINT UNSIGNED
)
    COMMENT '
Make one task wait for another, in a transaction that holds the workspace lock.

Parameters
  p_workspace_id   the workspace of the task that waits
  p_task_id        the task that waits
  p_depends_on_id  the task it waits for
  p_actor_id       the user who asks

Result
  none

Errors
  task_not_found                there is no such prerequisite for this actor
  dependency_across_workspaces  the prerequisite is in another workspace of the actor
  dependency_exists             the first task already waits for the second
  dependency_cycle              the second task already waits for the first,
                                directly or through others, or they are the same
  task_blocked                  the first task is completed, the second is open
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_other_workspace_id BIGINT UNSIGNED;
    DECLARE v_rank               BIGINT;
    DECLARE v_prerequisite_rank  BIGINT;

    DECLARE EXIT HANDLER FOR 1062
        CALL raise_error('dependency_exists',
                         CONCAT('task ', p_task_id, ' already waits for task ', p_depends_on_id),
                         JSON_OBJECT('task_id', p_task_id, 'depends_on_id', p_depends_on_id));

    SELECT waiting.topo_rank, prerequisite.topo_rank, prerequisite.workspace_id
      INTO v_rank, v_prerequisite_rank, v_other_workspace_id
      FROM node AS waiting
      LEFT JOIN node AS prerequisite ON prerequisite.task_id = p_depends_on_id
     WHERE waiting.task_id = p_task_id;

    IF v_other_workspace_id IS NULL OR v_other_workspace_id <> p_workspace_id THEN
        CALL _authorize(p_actor_id, v_other_workspace_id, p_depends_on_id, 'read');
        CALL raise_error('dependency_across_workspaces',
                         CONCAT('tasks ', p_task_id, ' and ', p_depends_on_id, ' are in different workspaces'),
                         JSON_OBJECT('task_id', p_task_id, 'depends_on_id', p_depends_on_id));
    END IF;

    IF v_prerequisite_rank >= v_rank THEN
        CALL _place_after(p_workspace_id, p_task_id, p_depends_on_id);
    END IF;

    INSERT INTO dependency (workspace_id, task_id, depends_on_id, created_by)
    VALUES (p_workspace_id, p_task_id, p_depends_on_id, p_actor_id);
END
