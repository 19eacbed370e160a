-- get_facets counts what a filter finds by these columns: in the index that status:pending is read by they are read with it,
-- without the tasks themselves, and so they are for all tasks.
-- transactional: false

ALTER TABLE task
    DROP KEY task_by_status,
    ADD KEY task_by_status (workspace_id, status, id, priority, assignee_id, assignee_team_id)
        COMMENT 'list_tasks status:pending; get_facets',
    ALGORITHM = INPLACE,
    LOCK = NONE;
