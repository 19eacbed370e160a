CREATE PROCEDURE _release_expired (
    IN  p_workspace_id BIGINT UNSIGNED,
    IN  p_queue_rank   TINYINT UNSIGNED,
    IN  p_task_id      BIGINT UNSIGNED,
    IN  p_limit        INT UNSIGNED,
    OUT p_released     INT UNSIGNED
)
    COMMENT '
Put back some tasks whose lease has expired, the most urgent first.

Those whom a task was assigned to before may have left the workspace since, or the
team have lost its role; then it is nobody''s.

Parameters
  p_workspace_id  the workspace, which is locked
  p_queue_rank    only what is more urgent than the task of this priority; NULL for all
  p_task_id       and this id
  p_limit         how many at most
  p_released      how many were put back; if as many, there may be more

Result
  none
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_claims JSON;

    -- Two statements: the triggers of task end the claims, which they could not
    -- while the statement that fires them still reads them.
    SELECT JSON_ARRAYAGG(JSON_OBJECT('task_id', task_id, 'assignee_id', assignee_id, 'assignee_team_id', assignee_team_id)), COUNT(*)
      INTO v_claims, p_released
      FROM (SELECT /*+ JOIN_FIXED_ORDER() INDEX(claim claim_expiry) */ claim.task_id, membership.user_id AS assignee_id,
                     team_role.team_id AS assignee_team_id
              FROM claim
              JOIN node ON node.task_id = claim.task_id
              LEFT JOIN membership
                     ON membership.workspace_id = p_workspace_id AND membership.user_id = claim.assignee_before_id
              LEFT JOIN team_role
                     ON team_role.workspace_id = p_workspace_id AND team_role.team_id = claim.assignee_team_before_id
             WHERE claim.workspace_id = p_workspace_id AND claim.lease_expires_at <= CURRENT_TIMESTAMP(6)
               AND (p_task_id IS NULL OR node.priority_rank > p_queue_rank
                    OR (node.priority_rank = p_queue_rank AND claim.task_id < p_task_id))
             ORDER BY node.priority_rank DESC, claim.task_id
             LIMIT p_limit) AS expired;

    IF p_released > 0 THEN
        CALL _put_back(v_claims);
    END IF;
END
