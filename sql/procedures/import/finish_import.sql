CREATE PROCEDURE finish_import (
    IN p_actor_id     BIGINT UNSIGNED,
    IN p_workspace_id BIGINT UNSIGNED,
    IN p_on_cycle     VARCHAR(8)
)
    COMMENT '
Import the staged tasks in one transaction: all of them, or none.

Only for the service.

Parameters
  p_actor_id      the user who asks
  p_workspace_id  the workspace; NULL for the personal one of the actor
  p_on_cycle      when dependencies close a cycle: refuse (import nothing), or
                  skip (leave out those that do)

Result
  one row per dependency left out: line, task_key, depends_on_key, cycle (an array of
  keys: each waits for the next, the first is the last)
  then one row: workspace_id, tasks, dependencies, skipped, revision

Errors
  actor_not_allowed    the login may not ask for that user
  actor_required       the login may ask for any user and named none
  permission_denied    the role of the actor does not allow planning
  workspace_not_found  there is no such workspace for the actor
  import_not_begun     begin_import was not called on this connection
  import_refused       lines are wrong, or close cycles; its facts hold the errors
                       (the first 1,000): line, code and detail of each

Example
  CALL finish_import(1, NULL, "skip");
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_tasks        INT UNSIGNED;
    DECLARE v_dependencies INT UNSIGNED;
    DECLARE v_skipped      INT UNSIGNED;
    DECLARE v_errors       JSON;

    -- An open transaction of the caller (1568) is not ours to end.
    DECLARE EXIT HANDLER FOR 1568 RESIGNAL;
    DECLARE EXIT HANDLER FOR 1146
    BEGIN
        ROLLBACK;
        SET @headgate_actor_id = NULL, @headgate_deriving = NULL, @headgate_new_after = NULL;
        CALL raise_error('import_not_begun', 'begin_import comes first', NULL);
    END;
    DECLARE EXIT HANDLER FOR SQLEXCEPTION
    BEGIN
        ROLLBACK;
        SET @headgate_actor_id = NULL, @headgate_deriving = NULL, @headgate_new_after = NULL;
        RESIGNAL;
    END;

    SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
    START TRANSACTION;

    CALL _lock_workspace(p_actor_id, p_workspace_id, 'plan');
    CALL _check_staged(p_workspace_id);
    CALL _order_staged();
    CALL _insert_staged(p_workspace_id, p_actor_id);
    CALL _insert_core(p_workspace_id, p_actor_id);
    CALL _name_cycles();

    SELECT COUNT(*) INTO v_tasks FROM staged_task;
    SELECT COUNT(*) INTO v_skipped FROM staged_skip;
    SELECT COUNT(*) - v_skipped INTO v_dependencies FROM staged_edge;

    IF v_skipped > 0 AND NOT p_on_cycle <=> 'skip' THEN
        SELECT JSON_ARRAYAGG(JSON_OBJECT('line', line, 'code', 'dependency_cycle', 'cycle', cycle,
                                         'detail', CONCAT('waiting for ', depends_on_key, ' closes the cycle ', cycle)))
          INTO v_errors
          FROM (SELECT line, depends_on_key, cycle FROM staged_cycle ORDER BY line, depends_on_key LIMIT 1000) AS first_cycles;

        CALL raise_error('import_refused',
                         CONCAT(v_skipped, ' dependencies close cycles, the first on line ',
                                JSON_EXTRACT(v_errors, '$[0].line'), ': ', JSON_EXTRACT(v_errors, '$[0].cycle')),
                         JSON_OBJECT('count', v_skipped, 'errors', v_errors));
    END IF;

    SELECT line, task_key, depends_on_key, cycle FROM staged_cycle ORDER BY line, depends_on_key;

    SELECT p_workspace_id AS workspace_id, v_tasks AS tasks, v_dependencies AS dependencies, v_skipped AS skipped,
           _revision(p_workspace_id) AS revision;

    COMMIT;
    SET @headgate_actor_id = NULL;

    CALL _close_staging();
    DROP TEMPORARY TABLE staged_skip, staged_cycle;
END
