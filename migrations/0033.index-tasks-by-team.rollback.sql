-- transactional: false

ALTER TABLE task
    DROP KEY task_assignee_team,
    ADD KEY task_assignee_team (assignee_team_id) COMMENT 'delete_team; serves its foreign key',
    ALGORITHM = INPLACE,
    LOCK = NONE;
