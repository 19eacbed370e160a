-- team:web, newest first; as for the assignee.
-- transactional: false

ALTER TABLE task
    DROP KEY task_assignee_team,
    ADD KEY task_assignee_team (assignee_team_id, workspace_id, id)
        COMMENT 'list_tasks team:web; delete_team; serves its foreign key',
    ALGORITHM = INPLACE,
    LOCK = NONE;
