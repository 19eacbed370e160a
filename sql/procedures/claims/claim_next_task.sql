CREATE PROCEDURE claim_next_task (
    IN p_actor_id      BIGINT UNSIGNED,
    IN p_workspace_id  BIGINT UNSIGNED,
    IN p_filter        JSON,
    IN p_lease_seconds INT
)
    COMMENT '
Take the most urgent task of the queue, and start it.

The queue are the pending tasks that wait for nothing open. A task in progress
is not in it, whether claimed or started by hand; one whose lease has expired is
put back into it first, so nothing has to run in the background. The task is
then in progress and assigned to the actor, who alone gets it.

The claim lasts as long as that: whoever completes, cancels, stops, reassigns or
deletes the task, by any door, ends it. It binds those who claim, and forbids
nobody to change the task. When its lease expires, others may put the task back;
until someone does, its holder may still renew or complete it.

Parameters
  p_actor_id       the user who asks; NULL for the one that the SQL login is bound to
  p_workspace_id   the workspace; NULL for the personal one of the actor
  p_filter         an object with any of: min_priority (at least this), tags (an array; a
                   task must have them all), assignee (available: mine or nobody''s, the
                   default; mine; unassigned; any: also those of others); NULL or {} for
                   the default. What is assigned to a team that the actor is in is mine
  p_lease_seconds  how long the claim is good unless it is renewed, up to a day

Result
  one task row, as get_task gives it, with fence and lease_expires_at; none if there is
  no such task. The first is by falling priority, then by task_id. fence is the revision
  by which the task was started: it grows with each claim in the workspace, and what is
  done for the claim names it

Errors
  actor_not_allowed    the login may not ask for that user
  actor_required       the login may ask for any user and named none
  permission_denied    the role of the actor does not allow planning
  workspace_not_found  there is no such workspace for the actor
  invalid_request      the filter or the lease is not one of these

Example
  CALL claim_next_task(NULL, NULL, JSON_OBJECT("min_priority", "high", "tags", JSON_ARRAY("urgent")), 600);
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_assignee    VARCHAR(16) DEFAULT 'available';
    DECLARE v_min_rank    TINYINT UNSIGNED DEFAULT 0;
    DECLARE v_tags        JSON;
    DECLARE v_tag_count   INT UNSIGNED DEFAULT 0;
    DECLARE v_first_tag   VARCHAR(64);
    DECLARE v_task_id     BIGINT UNSIGNED;
    DECLARE v_queue_rank  TINYINT UNSIGNED;
    DECLARE v_assignee_id BIGINT UNSIGNED;
    DECLARE v_team_id     BIGINT UNSIGNED;
    DECLARE v_released    INT UNSIGNED;

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

    CALL _check_lease(p_lease_seconds);

    IF p_filter IS NOT NULL THEN
        CALL _check_claim_filter(p_filter);

        SET v_assignee  = COALESCE(JSON_UNQUOTE(JSON_EXTRACT(p_filter, '$.assignee')), v_assignee),
            v_tags      = JSON_EXTRACT(p_filter, '$.tags'),
            v_tag_count = COALESCE(JSON_LENGTH(v_tags), 0),
            v_first_tag = JSON_UNQUOTE(JSON_EXTRACT(v_tags, '$[0]')),
            v_min_rank  = COALESCE((SELECT sort_order
                                      FROM task_priority
                                     WHERE priority = JSON_UNQUOTE(JSON_EXTRACT(p_filter, '$.min_priority'))), 0);
    END IF;

    CALL _lock_workspace(p_actor_id, p_workspace_id, 'plan');

    -- What has expired comes back twenty at a time, the most urgent first, until none is
    -- left that is more urgent than the task found; so nobody pays for all. Mostly there
    -- is nothing.
    REPEAT
        CALL _release_expired(p_workspace_id, v_queue_rank, v_task_id, 20, v_released);

        -- Along the index, to the first that fits. One tag is a look-up; only
        -- where there are several the others are looked for.
        SELECT /*+ JOIN_FIXED_ORDER() INDEX(node node_queue) */ node.task_id, node.queue_rank, task.assignee_id, task.assignee_team_id
          INTO v_task_id, v_queue_rank, v_assignee_id, v_team_id
          FROM node
          JOIN task ON task.id = node.task_id
         WHERE node.workspace_id = p_workspace_id AND node.queue_rank >= v_min_rank
           AND CASE
                   WHEN task.assignee_id IS NULL AND task.assignee_team_id IS NULL THEN v_assignee <> 'mine'
                   WHEN task.assignee_id = p_actor_id
                        OR EXISTS (SELECT 1 FROM team_member WHERE team_id = task.assignee_team_id AND user_id = p_actor_id)
                       THEN v_assignee <> 'unassigned'
                   ELSE v_assignee = 'any'
               END
           AND (v_tag_count = 0
                OR EXISTS (SELECT 1 FROM tag
                            WHERE tag.workspace_id = p_workspace_id AND tag.task_id = node.task_id AND tag.name = v_first_tag))
           AND (v_tag_count < 2
                OR NOT EXISTS (SELECT 1
                                 FROM JSON_TABLE(v_tags, '$[*]' COLUMNS (name VARCHAR(64) PATH '$')) AS wanted
                                 LEFT JOIN tag
                                   ON tag.workspace_id = p_workspace_id AND tag.task_id = node.task_id
                                  AND tag.name = wanted.name
                                WHERE tag.task_id IS NULL))
         ORDER BY node.queue_rank DESC, node.task_id
         LIMIT 1;
    UNTIL v_released < 20 END REPEAT;

    IF v_task_id IS NOT NULL THEN
        UPDATE task SET status = 'in_progress', assignee_id = p_actor_id, assignee_team_id = NULL WHERE id = v_task_id;

        INSERT INTO claim (task_id, workspace_id, user_id, fence, assignee_before_id, assignee_team_before_id, lease_expires_at)
        SELECT v_task_id, p_workspace_id, p_actor_id, MAX(revision), v_assignee_id, v_team_id,
               CURRENT_TIMESTAMP(6) + INTERVAL p_lease_seconds SECOND
          FROM change_log
         WHERE workspace_id = p_workspace_id;
    END IF;

    SELECT task.id AS task_id, task.workspace_id, claim.fence AS revision, claim.fence, claim.lease_expires_at,
           task.task_key, task.title, task.description,
           task.status, task.priority, task.assignee_id, task.assignee_team_id, task.estimate_minutes, task.due_at,
           (SELECT /*+ INDEX(tag PRIMARY) */ COALESCE(JSON_ARRAYAGG(tag.name), JSON_ARRAY())
              FROM tag
             WHERE tag.workspace_id = p_workspace_id AND tag.task_id = task.id) AS tags,
           (SELECT /*+ INDEX(edge PRIMARY) */ COALESCE(JSON_ARRAYAGG(edge.depends_on_id), JSON_ARRAY())
              FROM dependency AS edge
             WHERE edge.workspace_id = p_workspace_id AND edge.task_id = task.id) AS depends_on,
           node.readiness, node.waiting_for, task.version, task.created_by,
           task.created_at, task.updated_at, task.started_at, task.completed_at
      FROM claim
      JOIN task ON task.id = claim.task_id
      JOIN node ON node.task_id = claim.task_id
     WHERE claim.task_id = v_task_id;

    COMMIT;
    SET @headgate_actor_id = NULL;
END
