CREATE PROCEDURE list_tasks (
    IN p_actor_id     BIGINT UNSIGNED,
    IN p_workspace_id BIGINT UNSIGNED,
    IN p_filter       JSON,
    IN p_sort_by      VARCHAR(16),
    IN p_sort_order   VARCHAR(4),
    IN p_skip         INT UNSIGNED,
    IN p_limit        INT UNSIGNED
)
    COMMENT '
List the tasks of a workspace.

Parameters
  p_actor_id      the user who asks; NULL for the one that the SQL login is bound to
  p_workspace_id  the workspace; NULL for the personal one of the actor
  p_filter        an object with any of: status, priority, assignee_id, tags (an array;
                  a task must have them all), search (text to be found in the title or
                  the description); NULL or {} for all tasks
  p_sort_by       task_id, title, priority, created_at, updated_at or due_at
  p_sort_order    asc or desc
  p_skip          how many rows to leave out; NULL for none
  p_limit         how many rows at most; NULL for all

Result
  task rows, as get_task gives them

Errors
  actor_not_allowed    the login may not ask for that user
  actor_required       the login may ask for any user and named none
  permission_denied    the role of the actor does not allow reading
  workspace_not_found  there is no such workspace for the actor
  invalid_request      the filter or the order is not one of these

Example
  CALL list_tasks(NULL, NULL, JSON_OBJECT("status", "pending", "tags", JSON_ARRAY("urgent")), "created_at", "desc", 0, 10);
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    IF NOT JSON_SCHEMA_VALID('{"type": "object", "additionalProperties": false, "properties": {
                                  "status": {"type": "string"}, "priority": {"type": "string"},
                                  "assignee_id": {"type": "integer"}, "search": {"type": "string"},
                                  "tags": {"type": "array", "items": {"type": "string", "maxLength": 64}}}}',
                             COALESCE(p_filter, JSON_OBJECT())) THEN
        CALL raise_error('invalid_request', 'the filter takes status, priority, assignee_id, tags and search',
                         JSON_OBJECT('errors', JSON_OBJECT('filter', JSON_ARRAY('unknown field or wrong type'))));
    END IF;

    CALL _find_workspace(p_actor_id, p_workspace_id);
    SET p_skip = COALESCE(p_skip, 0), p_limit = COALESCE(p_limit, 4294967295);

    -- One statement for every combination would have one plan for all of them.
    -- So it is put together, from these fixed pieces only; values are bound. A
    -- prepared statement reads and writes session variables, hence those.
    SET @headgate_page = NULL, @headgate_workspace_id = p_workspace_id,
        @headgate_status = NULL, @headgate_priority = NULL, @headgate_assignee_id = NULL,
        @headgate_search = NULL, @headgate_tags = JSON_EXTRACT(p_filter, '$.tags'),
        @headgate_skip = p_skip, @headgate_limit = p_limit;

    SELECT given.status, given.priority, given.assignee_id,
           CONCAT('%', REPLACE(REPLACE(REPLACE(given.search, '|', '||'), '%', '|%'), '_', '|_'), '%')
      INTO @headgate_status, @headgate_priority, @headgate_assignee_id, @headgate_search
      FROM JSON_TABLE(COALESCE(p_filter, JSON_OBJECT()), '$' COLUMNS (
               status      VARCHAR(64)     PATH '$.status',
               priority    VARCHAR(64)     PATH '$.priority',
               assignee_id BIGINT UNSIGNED PATH '$.assignee_id',
               search      TEXT            PATH '$.search')) AS given;

    SET @headgate_query = CONCAT(
        'SELECT JSON_ARRAYAGG(id) INTO @headgate_page FROM (SELECT task.id FROM task',
        IF(p_sort_by = 'priority', ' JOIN node ON node.task_id = task.id', ''),
        ' WHERE task.workspace_id = ?',
        IF(@headgate_status IS NULL, ' AND ? IS NULL', ' AND task.status = ?'),
        IF(@headgate_priority IS NULL, ' AND ? IS NULL', ' AND task.priority = ?'),
        IF(@headgate_assignee_id IS NULL, ' AND ? IS NULL', ' AND task.assignee_id = ?'),
        IF(@headgate_search IS NULL, ' AND COALESCE(?, ?) IS NULL',
           ' AND (task.title LIKE ? ESCAPE ''|'' OR task.description LIKE ? ESCAPE ''|'')'),
        IF(COALESCE(JSON_LENGTH(@headgate_tags), 0) = 0, ' AND COALESCE(?, ?, ?) IS NOT NULL',
           ' AND task.id IN (SELECT tag.task_id FROM tag
                               JOIN JSON_TABLE(?, ''$[*]'' COLUMNS (name VARCHAR(64) PATH ''$'')) AS wanted ON wanted.name = tag.name
                              WHERE tag.workspace_id = ? GROUP BY tag.task_id HAVING COUNT(*) = JSON_LENGTH(?))'),
        ' ORDER BY ',
        CASE p_sort_by
            WHEN 'task_id'    THEN 'task.id'
            WHEN 'title'      THEN 'task.title'
            WHEN 'priority'   THEN 'node.priority_rank'
            WHEN 'created_at' THEN 'task.created_at'
            WHEN 'updated_at' THEN 'task.updated_at'
            WHEN 'due_at'     THEN 'task.due_at'
        END,
        CASE p_sort_order WHEN 'asc' THEN ' ASC, task.id ASC' WHEN 'desc' THEN ' DESC, task.id DESC' END,
        ' LIMIT ?, ?) AS page');

    IF @headgate_query IS NULL THEN
        CALL raise_error('invalid_request', 'the order is not one that tasks can be listed in',
                         JSON_OBJECT('errors', JSON_OBJECT(
                             'sort_by', JSON_ARRAY('task_id, title, priority, created_at, updated_at or due_at'),
                             'sort_order', JSON_ARRAY('asc or desc'))));
    END IF;

    PREPARE page_of_tasks FROM @headgate_query;
    EXECUTE page_of_tasks USING @headgate_workspace_id, @headgate_status, @headgate_priority, @headgate_assignee_id,
            @headgate_search, @headgate_search, @headgate_tags, @headgate_workspace_id, @headgate_tags,
            @headgate_skip, @headgate_limit;
    DEALLOCATE PREPARE page_of_tasks;

    CALL _show_tasks(p_workspace_id, @headgate_page);
END
