CREATE PROCEDURE get_workspace_diff (
    IN p_actor_id      BIGINT UNSIGNED,
    IN p_workspace_id  BIGINT UNSIGNED,
    IN p_from_revision BIGINT UNSIGNED,
    IN p_to_revision   BIGINT UNSIGNED,
    IN p_skip          INT UNSIGNED,
    IN p_limit         INT UNSIGNED
)
    COMMENT '
Show in what a workspace differs between two revisions, whatever happened in between.

What came and went again in between, or is again as it was, is not shown. Revisions of
the past do not change, so pages between the same two fit together.

Parameters
  p_actor_id       the user who asks; NULL for the one that the SQL login is bound to
  p_workspace_id   the workspace; NULL for the personal one of the actor
  p_from_revision  the earlier revision; 0 is the workspace before it was made
  p_to_revision    the later one; NULL for the newest
  p_skip           how many rows to leave out; NULL for none
  p_limit          how many rows at most; NULL for all

Result
  rows, what is about a task together: entity (workspace, membership, task, tag,
  dependency, comment, reaction or attachment), action (insert: only the later one has it;
  delete: only the earlier one; update: both, differently), task_id, depends_on_id, old_row and
  new_row (objects with the columns at both revisions, for an update of a task those that
  differ; NULL where the ids say it all)

Errors
  actor_not_allowed    the login may not ask for that user
  actor_required       the login may ask for any user and named none
  permission_denied    the role of the actor does not allow reading
  workspace_not_found  there is no such workspace for the actor
  revision_unknown     the workspace has not come to one of the revisions
  invalid_request      the earlier revision is missing, or is later than the other

Example
  CALL get_workspace_diff(NULL, NULL, 2, NULL, 0, 100);
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_through BIGINT UNSIGNED;

    CALL _find_workspace(p_actor_id, p_workspace_id);
    SET p_to_revision = COALESCE(p_to_revision, _revision(p_workspace_id)),
        p_skip        = COALESCE(p_skip, 0),
        p_limit       = COALESCE(p_limit, 4294967295),
        v_through     = CAST(p_skip AS UNSIGNED) + p_limit;
    CALL _check_revision(p_workspace_id, p_from_revision);
    CALL _check_revision(p_workspace_id, p_to_revision);

    IF p_from_revision > p_to_revision OR p_from_revision IS NULL THEN
        CALL raise_error('invalid_request', 'the earlier revision comes first',
                         JSON_OBJECT('errors', JSON_OBJECT('from', JSON_ARRAY('not after the other revision'))));
    END IF;

    -- A dependency or a tag is put in and taken out in turns, so after an even number of
    -- changes it is as it was. Of dependencies and tasks there are the most, and they are
    -- compared in order: no more than the page needs. By its own guess MySQL, whose
    -- statistics lag behind an import, would look for a task's lines among those of all.
    -- Of all else there is little, and the index has it without the rows.
    WITH detail (revision, task_id, entity) AS (
        SELECT /*+ INDEX(change_log PRIMARY, change_log_task) */ revision, task_id, entity
          FROM change_log
         WHERE workspace_id = p_workspace_id AND entity IN ('tag', 'comment', 'reaction', 'attachment')
           AND revision > p_from_revision AND revision <= p_to_revision
    ),
    touched (task_id, entity, first_revision, last_revision) AS (
        SELECT /*+ INDEX(change_log PRIMARY, change_log_task) */ task_id, entity, MIN(revision), MAX(revision)
          FROM change_log
         WHERE workspace_id = p_workspace_id AND entity = 'task'
           AND revision > p_from_revision AND revision <= p_to_revision
         GROUP BY task_id, entity
         UNION ALL
        SELECT /*+ INDEX(change_log PRIMARY, change_log_task) */ task_id, entity, MIN(revision), MAX(revision)
          FROM change_log
         WHERE workspace_id = p_workspace_id AND task_id IS NULL
           AND revision > p_from_revision AND revision <= p_to_revision
         GROUP BY task_id, entity, JSON_EXTRACT(COALESCE(new_row, old_row), '$.user_id')
         UNION ALL
        SELECT /*+ JOIN_FIXED_ORDER() JOIN_INDEX(line PRIMARY) */ detail.task_id, detail.entity, MIN(revision), MAX(revision)
          FROM detail
          JOIN change_log AS line USING (revision)
         WHERE line.workspace_id = p_workspace_id AND detail.entity IN ('comment', 'attachment')
         GROUP BY detail.task_id, detail.entity,
                  JSON_EXTRACT(COALESCE(line.new_row, line.old_row), CONCAT('$.', detail.entity, '_id'))
    ),
    changed (task_id, entity, depends_on_id, first_revision, last_revision) AS (
        (SELECT /*+ INDEX(change_log PRIMARY, change_log_task) */
                task_id, entity, depends_on_id, MIN(revision), MAX(revision)
           FROM change_log
          WHERE workspace_id = p_workspace_id AND entity = 'dependency'
            AND revision > p_from_revision AND revision <= p_to_revision
          GROUP BY task_id, entity, depends_on_id
         HAVING COUNT(*) % 2 = 1
          ORDER BY task_id, entity, depends_on_id
          LIMIT v_through)
         UNION ALL
        SELECT /*+ JOIN_FIXED_ORDER() JOIN_INDEX(line PRIMARY) */ detail.task_id, detail.entity, NULL, MIN(revision), MAX(revision)
          FROM detail
          JOIN change_log AS line USING (revision)
         WHERE line.workspace_id = p_workspace_id AND detail.entity = 'tag'
         GROUP BY detail.task_id, JSON_UNQUOTE(JSON_EXTRACT(COALESCE(line.new_row, line.old_row), '$.name'))
        HAVING COUNT(*) % 2 = 1
         UNION ALL
        SELECT /*+ JOIN_FIXED_ORDER() JOIN_INDEX(line PRIMARY) */ detail.task_id, detail.entity, NULL, MIN(revision), MAX(revision)
          FROM detail
          JOIN change_log AS line USING (revision)
         WHERE line.workspace_id = p_workspace_id AND detail.entity = 'reaction'
         GROUP BY detail.task_id, CAST(COALESCE(line.new_row, line.old_row) AS CHAR(200))
        HAVING COUNT(*) % 2 = 1
         UNION ALL
        (SELECT /*+ JOIN_FIXED_ORDER() JOIN_INDEX(first_line PRIMARY) JOIN_INDEX(last_line PRIMARY) */
                touched.task_id, touched.entity, NULL, touched.first_revision, touched.last_revision
           FROM touched
           JOIN change_log AS first_line
             ON first_line.workspace_id = p_workspace_id AND first_line.revision = touched.first_revision
           JOIN change_log AS last_line
             ON last_line.workspace_id = p_workspace_id AND last_line.revision = touched.last_revision
          WHERE (first_line.action = 'insert') <> (last_line.action = 'delete')
             OR (first_line.action <> 'insert'
                 -- Without what is null: old lines may lack a column that came later.
                 AND (JSON_MERGE_PATCH('{}', JSON_REMOVE(first_line.old_row, '$.description'))
                      <> JSON_MERGE_PATCH('{}', JSON_REMOVE(last_line.new_row, '$.description'))
                      -- An update tells a description only if it changed it.
                      OR (touched.entity = 'task'
                          AND (SELECT /*+ INDEX(line change_log_task) */ line.old_row -> '$.description'
                                 FROM change_log AS line
                                WHERE line.workspace_id = p_workspace_id AND line.task_id = touched.task_id
                                  AND line.entity = 'task' AND line.depends_on_id IS NULL
                                  AND line.revision >= touched.first_revision AND line.revision <= touched.last_revision
                                  AND line.old_row -> '$.description' IS NOT NULL
                                ORDER BY line.revision
                                LIMIT 1)
                              <> (SELECT /*+ INDEX(line change_log_task) */ line.new_row -> '$.description'
                                    FROM change_log AS line
                                   WHERE line.workspace_id = p_workspace_id AND line.task_id = touched.task_id
                                     AND line.entity = 'task' AND line.depends_on_id IS NULL
                                     AND line.revision >= touched.first_revision AND line.revision <= touched.last_revision
                                     AND line.new_row -> '$.description' IS NOT NULL
                                   ORDER BY line.revision DESC
                                   LIMIT 1))))
          ORDER BY touched.task_id, FIELD(touched.entity, 'workspace', 'membership', 'task', 'comment', 'attachment'), touched.last_revision
          LIMIT v_through)
    ),
    page (task_id, entity, depends_on_id, first_revision, last_revision) AS (
        SELECT task_id, entity, depends_on_id, first_revision, last_revision
          FROM changed
         ORDER BY task_id, FIELD(entity, 'workspace', 'membership', 'task', 'tag', 'dependency', 'comment', 'reaction', 'attachment'),
                  depends_on_id, last_revision
         LIMIT p_limit OFFSET p_skip
    ),
    described (task_id, entity, depends_on_id, last_revision, is_new, is_gone, old_row, new_row, old_text, new_text) AS (
        SELECT /*+ JOIN_FIXED_ORDER() JOIN_INDEX(first_line PRIMARY) JOIN_INDEX(last_line PRIMARY) */
               page.task_id, page.entity, page.depends_on_id, page.last_revision,
               first_line.action = 'insert', last_line.action = 'delete', first_line.old_row, last_line.new_row,
               IF(page.entity = 'task',
                  (SELECT /*+ INDEX(line change_log_task) */ line.old_row -> '$.description'
                     FROM change_log AS line
                    WHERE line.workspace_id = p_workspace_id AND line.task_id = page.task_id
                      AND line.entity = 'task' AND line.depends_on_id IS NULL
                      AND line.revision >= page.first_revision AND line.revision <= page.last_revision
                      AND line.old_row -> '$.description' IS NOT NULL
                    ORDER BY line.revision
                    LIMIT 1), NULL),
               IF(page.entity = 'task',
                  (SELECT /*+ INDEX(line change_log_task) */ line.new_row -> '$.description'
                     FROM change_log AS line
                    WHERE line.workspace_id = p_workspace_id AND line.task_id = page.task_id
                      AND line.entity = 'task' AND line.depends_on_id IS NULL
                      AND line.revision >= page.first_revision AND line.revision <= page.last_revision
                      AND line.new_row -> '$.description' IS NOT NULL
                    ORDER BY line.revision DESC
                    LIMIT 1), NULL)
          FROM page
          JOIN change_log AS first_line
            ON first_line.workspace_id = p_workspace_id AND first_line.revision = page.first_revision
          JOIN change_log AS last_line
            ON last_line.workspace_id = p_workspace_id AND last_line.revision = page.last_revision
    ),
    -- Columns that are the same at both ends are left out of both.
    compared (task_id, entity, depends_on_id, last_revision, action, old_row, new_row, same_1, same_2, same_3, same_4,
              same_5, same_6, same_7, same_8, same_9) AS (
        SELECT task_id, entity, depends_on_id, last_revision,
               CASE WHEN is_new THEN 'insert' WHEN is_gone THEN 'delete' ELSE 'update' END,
               IF(is_new, NULL, IF(old_text IS NULL, old_row, JSON_SET(old_row, '$.description', old_text))),
               IF(is_gone, NULL, IF(new_text IS NULL, new_row, JSON_SET(new_row, '$.description', new_text))),
               IF(old_row -> '$.task_key' = new_row -> '$.task_key', '$.task_key', '$.none'),
               IF(old_row -> '$.title' = new_row -> '$.title', '$.title', '$.none'),
               IF(old_row -> '$.status' = new_row -> '$.status', '$.status', '$.none'),
               IF(old_row -> '$.priority' = new_row -> '$.priority', '$.priority', '$.none'),
               IF(old_row -> '$.assignee_id' = new_row -> '$.assignee_id', '$.assignee_id', '$.none'),
               IF(old_row -> '$.estimate_minutes' = new_row -> '$.estimate_minutes', '$.estimate_minutes', '$.none'),
               IF(old_row -> '$.due_at' = new_row -> '$.due_at', '$.due_at', '$.none'),
               IF(old_text = new_text, '$.description', '$.none'),
               IF(COALESCE(old_row -> '$.assignee_team_id', CAST('null' AS JSON))
                  = COALESCE(new_row -> '$.assignee_team_id', CAST('null' AS JSON)), '$.assignee_team_id', '$.none')
          FROM described
    )
    SELECT entity, action, task_id, depends_on_id,
           IF(action = 'update' AND entity = 'task',
              JSON_REMOVE(old_row, same_1, same_2, same_3, same_4, same_5, same_6, same_7, same_8, same_9), old_row) AS old_row,
           IF(action = 'update' AND entity = 'task',
              JSON_REMOVE(new_row, same_1, same_2, same_3, same_4, same_5, same_6, same_7, same_8, same_9), new_row) AS new_row
      FROM compared
     ORDER BY task_id, FIELD(entity, 'workspace', 'membership', 'task', 'tag', 'dependency', 'comment', 'reaction', 'attachment'),
              depends_on_id, last_revision;
END
