CREATE FUNCTION _filter_fragment (
    p_field      VARCHAR(64),
    p_comparison VARCHAR(8),
    p_value      VARCHAR(64),
    p_path       VARCHAR(64),
    p_since      BOOLEAN,
    p_until      BOOLEAN
)
    RETURNS TEXT CHARSET utf8mb4
    COMMENT '
Give the condition for one value of one term of a filter.

All that a statement of list_tasks is made of stands here: nothing of it comes
from a caller, whose values are read from @headgate_values when it runs. Each
condition is true or false, never NULL, so that NOT gives the rest.

Parameters
  p_field       task_field.field
  p_comparison  : = < <= > >= all none
  p_value       the value of is and has, which choose the condition
  p_path        where the value stands in @headgate_values; of a time, an array of two
  p_since       whether a time has a beginning
  p_until       whether a time has an end

Result
  SQL about task, node and @headgate_workspace_id
'
    DETERMINISTIC
    NO SQL
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_word   TEXT DEFAULT CONCAT('JSON_VALUE(@headgate_values, ''', p_path,
                                         ''' RETURNING CHAR(16) CHARACTER SET ascii) COLLATE ascii_bin');
    DECLARE v_text   TEXT DEFAULT CONCAT('JSON_VALUE(@headgate_values, ''', p_path, ''' RETURNING CHAR(1000))');
    DECLARE v_number TEXT DEFAULT CONCAT('JSON_VALUE(@headgate_values, ''', p_path, ''' RETURNING UNSIGNED)');
    DECLARE v_column VARCHAR(32) DEFAULT ELT(FIELD(p_field, 'created', 'updated', 'started', 'completed', 'due'),
        'task.created_at', 'task.updated_at', 'task.started_at', 'task.completed_at', 'task.due_at');
    DECLARE v_since  TEXT DEFAULT CONCAT('JSON_VALUE(@headgate_values, ''', p_path, '[0]'' RETURNING DATETIME)');
    DECLARE v_until  TEXT DEFAULT CONCAT('JSON_VALUE(@headgate_values, ''', p_path, '[1]'' RETURNING DATETIME)');
    -- The open tasks of at least (or more than) a priority, and what they wait for.
    DECLARE v_raised TEXT DEFAULT CONCAT(
        '(SELECT /*+ SUBQUERY(MATERIALIZATION) */ id
            FROM (WITH RECURSIVE raised (id) AS (
                      SELECT task_id FROM node
                       WHERE workspace_id = @headgate_workspace_id AND is_open
                         AND priority_rank ? (SELECT sort_order FROM task_priority WHERE priority = ', v_word, ')
                       UNION
                      SELECT /*+ JOIN_FIXED_ORDER() INDEX(edge PRIMARY) */ edge.depends_on_id
                        FROM raised
                        JOIN dependency AS edge ON edge.workspace_id = @headgate_workspace_id AND edge.task_id = raised.id
                        JOIN node AS prerequisite ON prerequisite.task_id = edge.depends_on_id AND prerequisite.is_open)
                  SELECT id FROM raised) AS raised)');

    IF p_field <> 'due' AND v_column IS NOT NULL THEN
        -- A TIMESTAMP is compared in the time zone of the session.
        SET v_since = CONCAT('CONVERT_TZ(', v_since, ', ''+00:00'', @@session.time_zone)'),
            v_until = CONCAT('CONVERT_TZ(', v_until, ', ''+00:00'', @@session.time_zone)');
    END IF;

    CASE
        WHEN p_field = 'status'   THEN RETURN CONCAT('task.status = ', v_word);
        -- Below the lowest there is none.
        WHEN p_field = 'priority' THEN RETURN CONCAT('task.priority <=> ', v_word);
        WHEN p_field = 'assignee' THEN RETURN CONCAT('task.assignee_id <=> ', IF(p_value IS NULL, 'NULL', v_number));
        WHEN p_field = 'team'     THEN RETURN CONCAT('task.assignee_team_id <=> ', IF(p_value IS NULL, 'NULL', v_number));
        WHEN p_field = 'creator'  THEN RETURN CONCAT('task.created_by <=> ', IF(p_value IS NULL, 'NULL', v_number));
        WHEN p_field = 'id'       THEN RETURN CONCAT('task.id = ', v_number);
        WHEN p_field = 'tag' THEN
            RETURN CONCAT('EXISTS (SELECT 1
                                     FROM tag AS label
                                    WHERE label.workspace_id = @headgate_workspace_id AND label.task_id = task.id AND label.name = ', v_text, ')');
        WHEN p_field = 'blocked_by' THEN
            RETURN CONCAT('(node.is_open AND EXISTS (SELECT 1
                                                       FROM dependency
                                                       JOIN node AS prerequisite ON prerequisite.task_id = dependency.depends_on_id
                                                      WHERE dependency.workspace_id = @headgate_workspace_id
                                                        AND dependency.task_id = task.id AND prerequisite.is_open
                                                        AND dependency.depends_on_id = ', v_number, '))');
        WHEN p_field = 'waits_for' THEN
            RETURN CONCAT('task.id IN (SELECT id
                                         FROM (WITH RECURSIVE waiting (id) AS (
                                                   SELECT task_id FROM dependency
                                                    WHERE workspace_id = @headgate_workspace_id AND depends_on_id = ', v_number, '
                                                    UNION
                                                   SELECT /*+ JOIN_FIXED_ORDER() INDEX(edge dependency_dependents) */ edge.task_id
                                                     FROM waiting
                                                     JOIN dependency AS edge
                                                       ON edge.workspace_id = @headgate_workspace_id AND edge.depends_on_id = waiting.id)
                                               SELECT id FROM waiting) AS waiting)');
        WHEN p_field = 'effective_priority' THEN
            RETURN CONCAT('IF(node.is_open, task.id IN ', REPLACE(v_raised, '?', '>='), ' AND task.id NOT IN ', REPLACE(v_raised, '?', '>'),
                          ', task.priority <=> ', v_word, ')');
        WHEN p_field = 'is' AND p_value = 'open'    THEN RETURN 'node.readiness IN (''ready'', ''blocked'')';
        WHEN p_field = 'is' AND p_value = 'overdue' THEN
            RETURN '(node.is_open AND task.due_at IS NOT NULL AND task.due_at < UTC_TIMESTAMP())';
        WHEN p_field = 'is' THEN RETURN CONCAT('node.readiness = ', v_word);
        WHEN p_field = 'has' AND p_value = 'dependencies' THEN
            RETURN 'EXISTS (SELECT 1 FROM dependency
                             WHERE dependency.workspace_id = @headgate_workspace_id AND dependency.task_id = task.id)';
        WHEN p_field = 'has' AND p_value = 'dependents' THEN
            RETURN 'EXISTS (SELECT 1 FROM dependency
                             WHERE dependency.workspace_id = @headgate_workspace_id AND dependency.depends_on_id = task.id)';
        WHEN p_field = 'has' AND p_value = 'tags' THEN
            RETURN 'EXISTS (SELECT 1 FROM tag AS label
                             WHERE label.workspace_id = @headgate_workspace_id AND label.task_id = task.id)';
        WHEN p_field = 'has' AND p_value = 'due'         THEN RETURN 'task.due_at IS NOT NULL';
        WHEN p_field = 'has' AND p_value = 'estimate'    THEN RETURN 'task.estimate_minutes IS NOT NULL';
        WHEN p_field = 'has' AND p_value = 'assignee'    THEN RETURN 'task.assignee_id IS NOT NULL';
        WHEN p_field = 'has' AND p_value = 'team'        THEN RETURN 'task.assignee_team_id IS NOT NULL';
        WHEN p_field = 'has' AND p_value = 'description' THEN RETURN 'task.description <> ''''';
        WHEN p_field = 'estimate' THEN
            RETURN CONCAT('(task.estimate_minutes IS NOT NULL AND task.estimate_minutes ',
                          COALESCE(ELT(FIELD(p_comparison, '<', '<=', '>', '>='), '<', '<=', '>', '>='), '='), ' ', v_number, ')');
        ELSE
            RETURN CONCAT('(', v_column, ' IS NOT NULL',
                          CASE
                              WHEN p_comparison IN (':', '=', '>=') AND p_since THEN CONCAT(' AND ', v_column, ' >= ', v_since)
                              WHEN p_comparison = '>' AND p_until               THEN CONCAT(' AND ', v_column, ' >= ', v_until)
                              ELSE ''
                          END,
                          CASE
                              WHEN p_comparison IN (':', '=', '<=') AND p_until THEN CONCAT(' AND ', v_column, ' < ', v_until)
                              WHEN p_comparison = '<' AND p_since               THEN CONCAT(' AND ', v_column, ' < ', v_since)
                              ELSE ''
                          END, ')');
    END CASE;
END
