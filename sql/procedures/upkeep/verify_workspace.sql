CREATE PROCEDURE verify_workspace (
    IN p_actor_id     BIGINT UNSIGNED,
    IN p_workspace_id BIGINT UNSIGNED
)
    COMMENT '
Prove that the facts of a workspace keep the rules, and that the derived rows follow from them.

A login that speaks for any user need not name one.

Parameters
  p_actor_id      the user who asks; NULL for the one that the SQL login is bound to
  p_workspace_id  the workspace; NULL for the personal one of the actor

Result
  one row per invariant: invariant, violations (0 when it holds)

Errors
  actor_not_allowed    the login may not ask for that user
  actor_required       the login may ask for any user and named none
  permission_denied    the role of the actor does not allow reading
  workspace_not_found  there is no such workspace for the actor

Example
  CALL verify_workspace(NULL, NULL);
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_searches JSON;

    IF p_actor_id IS NOT NULL OR p_workspace_id IS NULL
       OR NOT EXISTS (SELECT 1 FROM sql_account WHERE login = _login() AND user_id IS NULL) THEN
        CALL _find_workspace(p_actor_id, p_workspace_id);
    END IF;

    CALL _find_invalid_searches(p_workspace_id, v_searches);

    -- Each edge uphill: this alone proves that there is no cycle.
    SELECT 'every dependency goes uphill' AS invariant, COUNT(*) AS violations
      FROM dependency AS edge
      LEFT JOIN node AS waiting ON waiting.task_id = edge.task_id
      LEFT JOIN node AS prerequisite ON prerequisite.task_id = edge.depends_on_id
     WHERE edge.workspace_id = p_workspace_id AND NOT COALESCE(prerequisite.topo_rank < waiting.topo_rank, FALSE)
     UNION ALL
    -- By the narrow index: there are many, and of a task nothing but its place is asked.
    SELECT /*+ JOIN_FIXED_ORDER() JOIN_INDEX(waiting task_workspace) JOIN_INDEX(prerequisite task_workspace) */
           'no dependency hangs in the air or leaves the workspace', COUNT(*)
      FROM dependency AS edge
      LEFT JOIN task AS waiting ON waiting.id = edge.task_id AND waiting.workspace_id = p_workspace_id
      LEFT JOIN task AS prerequisite ON prerequisite.id = edge.depends_on_id AND prerequisite.workspace_id = p_workspace_id
     WHERE edge.workspace_id = p_workspace_id AND (waiting.id IS NULL OR prerequisite.id IS NULL)
     UNION ALL
    SELECT 'no tag hangs in the air', COUNT(*)
      FROM tag
      LEFT JOIN task ON task.id = tag.task_id AND task.workspace_id = p_workspace_id
     WHERE tag.workspace_id = p_workspace_id AND task.id IS NULL
     UNION ALL
    SELECT 'no comment hangs in the air, nor what belongs to one',
           (SELECT COUNT(*)
              FROM comment
              LEFT JOIN task ON task.id = comment.task_id AND task.workspace_id = p_workspace_id
             WHERE comment.workspace_id = p_workspace_id AND task.id IS NULL)
           + (SELECT COUNT(*)
                FROM comment_version
                LEFT JOIN comment ON comment.id = comment_version.comment_id AND comment.workspace_id = p_workspace_id
               WHERE comment_version.workspace_id = p_workspace_id
                 AND NOT COALESCE(comment_version.version < comment.version AND comment.deleted_at IS NULL, FALSE))
           + (SELECT COUNT(*)
                FROM mention
                LEFT JOIN comment ON comment.id = mention.comment_id AND comment.workspace_id = p_workspace_id
               WHERE mention.workspace_id = p_workspace_id AND (comment.id IS NULL OR comment.deleted_at IS NOT NULL))
           + (SELECT COUNT(*)
                FROM reaction
                LEFT JOIN comment ON comment.id = reaction.comment_id AND comment.workspace_id = p_workspace_id
               WHERE reaction.workspace_id = p_workspace_id AND (comment.id IS NULL OR comment.deleted_at IS NOT NULL))
     UNION ALL
    SELECT 'every attachment has its task, and the file that it names is kept', COUNT(*)
      FROM attachment
      LEFT JOIN task ON task.id = attachment.task_id AND task.workspace_id = p_workspace_id
      LEFT JOIN stored_file
        ON stored_file.id = attachment.file_id AND stored_file.workspace_id = p_workspace_id AND stored_file.state = 'kept'
       AND stored_file.attachment_id = attachment.id AND stored_file.version = attachment.version
     WHERE attachment.workspace_id = p_workspace_id AND (task.id IS NULL OR stored_file.id IS NULL)
     UNION ALL
    SELECT /*+ JOIN_FIXED_ORDER() JOIN_INDEX(waiting task_by_status) JOIN_INDEX(edge PRIMARY) */
           'no completed task waits for an open one', COUNT(*)
      FROM task AS waiting
      JOIN dependency AS edge ON edge.workspace_id = p_workspace_id AND edge.task_id = waiting.id
      JOIN task AS prerequisite ON prerequisite.id = edge.depends_on_id
      JOIN task_status ON task_status.status = prerequisite.status
     WHERE waiting.workspace_id = p_workspace_id AND waiting.status = 'completed' AND task_status.is_open
     UNION ALL
    SELECT 'every task has its node, with its own status and priority', COUNT(*)
      FROM task
      JOIN task_status ON task_status.status = task.status
      JOIN task_priority ON task_priority.priority = task.priority
      LEFT JOIN node ON node.task_id = task.id AND node.workspace_id = p_workspace_id
     WHERE task.workspace_id = p_workspace_id
       AND NOT COALESCE(node.is_open = task_status.is_open AND node.priority_rank = task_priority.sort_order
                        AND node.is_pending = (task.status = 'pending')
                        AND (NOT node.is_claimed OR EXISTS (SELECT 1 FROM claim WHERE claim.task_id = task.id)), FALSE)
     UNION ALL
    SELECT 'every task has one assignee at most, and a team only of its organization', COUNT(*)
      FROM task
      LEFT JOIN team ON team.id = task.assignee_team_id
      LEFT JOIN organization_workspace
             ON organization_workspace.workspace_id = p_workspace_id AND organization_workspace.organization_id = team.organization_id
     WHERE task.workspace_id = p_workspace_id AND task.assignee_team_id IS NOT NULL
       AND (task.assignee_id IS NOT NULL OR organization_workspace.workspace_id IS NULL)
     UNION ALL
    SELECT 'every node has its task', COUNT(*)
      FROM node
      LEFT JOIN task ON task.id = node.task_id AND task.workspace_id = p_workspace_id
     WHERE node.workspace_id = p_workspace_id AND task.id IS NULL
     UNION ALL
    SELECT 'waiting_for counts the open direct prerequisites', COUNT(*)
      FROM node
      LEFT JOIN (SELECT edge.task_id, COUNT(*) AS open_prerequisites
                   FROM dependency AS edge
                   JOIN task AS prerequisite ON prerequisite.id = edge.depends_on_id
                   JOIN task_status ON task_status.status = prerequisite.status
                  WHERE edge.workspace_id = p_workspace_id AND task_status.is_open
                  GROUP BY edge.task_id) AS counted ON counted.task_id = node.task_id
     WHERE node.workspace_id = p_workspace_id AND node.waiting_for <> COALESCE(counted.open_prerequisites, 0)
     UNION ALL
    -- By what is summed up: taking every text apart again would take minutes where this takes seconds.
    SELECT /*+ JOIN_FIXED_ORDER() */ 'every task is found by the words of its text', COUNT(*)
      FROM task
      LEFT JOIN task_word AS summed ON summed.workspace_id = p_workspace_id AND summed.word = '' AND summed.task_id = task.id
      LEFT JOIN (SELECT task_id, COUNT(*) - 1 AS words
                   FROM task_word FORCE INDEX (task_word_of_task)
                  WHERE workspace_id = p_workspace_id
                  GROUP BY task_id) AS counted ON counted.task_id = task.id
     WHERE task.workspace_id = p_workspace_id
       AND NOT COALESCE(summed.places = ((CRC32(CONCAT(task.title, '\n', task.description))
                                          ^ COALESCE((SELECT BIT_XOR(CRC32(CONCAT(id, body)))
                                                        FROM comment
                                                       WHERE comment.workspace_id = p_workspace_id AND comment.task_id = task.id), 0)) << 32
                                         | counted.words), FALSE)
     UNION ALL
    SELECT 'every word that is found has its task', COUNT(*)
      FROM (SELECT DISTINCT task_id FROM task_word FORCE INDEX (task_word_of_task) WHERE workspace_id = p_workspace_id) AS found
      LEFT JOIN task ON task.id = found.task_id AND task.workspace_id = p_workspace_id
     WHERE task.id IS NULL
     UNION ALL
    SELECT 'every claim is on a task in progress, of its assignee', COUNT(*)
      FROM claim
      LEFT JOIN task
             ON task.id = claim.task_id AND task.workspace_id = p_workspace_id
            AND task.status = 'in_progress' AND task.assignee_id = claim.user_id
      LEFT JOIN node ON node.task_id = claim.task_id AND node.is_claimed
     WHERE claim.workspace_id = p_workspace_id AND (task.id IS NULL OR node.task_id IS NULL)
     UNION ALL
    SELECT 'every saved search can be read', JSON_LENGTH(v_searches)
     UNION ALL
    SELECT 'the change log has every revision once', CAST(COALESCE(MAX(revision), 0) AS SIGNED) - COUNT(*)
      FROM change_log
     WHERE workspace_id = p_workspace_id
     UNION ALL
    SELECT 'every member has the highest role that was given', COUNT(*)
      FROM (SELECT given.user_id
              FROM (SELECT user_id, direct_role AS role, NULL AS held FROM membership WHERE workspace_id = p_workspace_id
                     UNION ALL
                    SELECT user_id, NULL, role FROM membership WHERE workspace_id = p_workspace_id
                     UNION ALL
                    SELECT team_member.user_id, team_role.role, NULL
                      FROM team_role
                      JOIN team_member ON team_member.team_id = team_role.team_id
                     WHERE team_role.workspace_id = p_workspace_id
                     UNION ALL
                    SELECT organization_member.user_id, inherited_role.workspace_role, NULL
                      FROM organization_workspace
                      JOIN organization_member USING (organization_id)
                      JOIN inherited_role ON inherited_role.role = organization_member.role
                     WHERE organization_workspace.workspace_id = p_workspace_id) AS given
              LEFT JOIN role ON role.role = given.role
              LEFT JOIN role AS held ON held.role = given.held
             GROUP BY given.user_id
            HAVING NOT MIN(role.sort_order) <=> MAX(held.sort_order)) AS wrong
     UNION ALL
    SELECT 'the workspace exists and has an owner', COUNT(*) = 0
      FROM membership
      JOIN workspace ON workspace.id = membership.workspace_id
     WHERE membership.workspace_id = p_workspace_id AND membership.role = 'owner';
END
