CREATE PROCEDURE _put_back (
    IN p_claims JSON
)
    COMMENT '
Put claimed tasks back into the queue. Their claims end by it.

Parameters
  p_claims  an array of objects: task_id, and assignee_id or assignee_team_id, to whom it
            is assigned again

Result
  none
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    UPDATE /*+ JOIN_FIXED_ORDER() */
           JSON_TABLE(p_claims, '$[*]' COLUMNS (
               task_id          BIGINT UNSIGNED PATH '$.task_id',
               assignee_id      BIGINT UNSIGNED PATH '$.assignee_id',
               assignee_team_id BIGINT UNSIGNED PATH '$.assignee_team_id')) AS held
      JOIN task ON task.id = held.task_id
       SET task.status           = 'pending',
           task.assignee_id      = held.assignee_id,
           task.assignee_team_id = held.assignee_team_id;
END
