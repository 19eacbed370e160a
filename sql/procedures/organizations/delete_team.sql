CREATE PROCEDURE delete_team (
    IN p_actor_id BIGINT UNSIGNED,
    IN p_team_id  BIGINT UNSIGNED
)
    COMMENT '
Delete a team; the roles that it gave go with it.

Open tasks have to be assigned anew first. Closed ones are then nobody''s, and the
change log tells whose they were.

Parameters
  p_actor_id  the user who asks; NULL for the one that the SQL login is bound to
  p_team_id   the team

Result
  one row: team_id, organization_id, name, revisions (an object: the revision of each
  workspace in which roles or tasks may have changed by it)

Errors
  actor_not_allowed  the login may not ask for that user
  actor_required     the login may ask for any user and named none
  permission_denied  only owners and admins of the organization delete teams, and only
                     owners of its workspaces those that own them
  team_not_found     there is no such team for the actor
  team_in_use        open tasks are assigned to it; the facts hold how many, and the first
                     20 of them

Example
  CALL delete_team(NULL, 1);
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_organization_id BIGINT UNSIGNED;
    DECLARE v_name            VARCHAR(64);
    DECLARE v_workspaces      JSON;
    DECLARE v_count           INT UNSIGNED;
    DECLARE v_tasks           JSON;

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

    CALL _lock_team(p_actor_id, p_team_id, v_organization_id);

    -- Wherever a task is or may yet be assigned to it.
    SELECT JSON_ARRAYAGG(id)
      INTO v_workspaces
      FROM (SELECT /*+ JOIN_FIXED_ORDER() */ workspace.id
              FROM (SELECT workspace_id FROM team_role WHERE team_id = p_team_id
                     UNION
                    SELECT workspace_id FROM task WHERE assignee_team_id = p_team_id
                     ORDER BY workspace_id
                     LIMIT 18446744073709551615) AS concerned
              JOIN workspace ON workspace.id = concerned.workspace_id
                FOR UPDATE OF workspace) AS locked;

    SELECT COUNT(*)
      INTO v_count
      FROM task
      JOIN node ON node.task_id = task.id
     WHERE task.assignee_team_id = p_team_id AND node.is_open;

    IF v_count > 0 THEN
        SELECT JSON_ARRAYAGG(JSON_OBJECT('task_id', id, 'workspace_id', workspace_id, 'title', title))
          INTO v_tasks
          FROM (SELECT task.id, task.workspace_id, task.title
                  FROM task
                  JOIN node ON node.task_id = task.id
                 WHERE task.assignee_team_id = p_team_id AND node.is_open
                 ORDER BY task.id
                 LIMIT 20) AS open_task;

        CALL raise_error('team_in_use', CONCAT(v_count, ' open tasks are assigned to team ', p_team_id),
                         JSON_OBJECT('team_id', p_team_id, 'count', v_count, 'tasks', v_tasks));
    END IF;

    UPDATE task SET assignee_team_id = NULL WHERE assignee_team_id = p_team_id ORDER BY workspace_id, id;

    SELECT name INTO v_name FROM team WHERE id = p_team_id;
    DELETE FROM team WHERE id = p_team_id;

    SELECT p_team_id AS team_id, v_organization_id AS organization_id, v_name AS name, _revisions(v_workspaces) AS revisions;

    COMMIT;
    SET @headgate_actor_id = NULL;
END
