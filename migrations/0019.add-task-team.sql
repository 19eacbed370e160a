-- Who is to do a task: a user, or a team.
-- transactional: false

ALTER TABLE task
    ADD COLUMN assignee_team_id BIGINT UNSIGNED NULL
               COMMENT 'the team that is to do it; when it was assigned, the team had a role in the workspace' AFTER assignee_id,
    ADD KEY task_assignee_team (assignee_team_id) COMMENT 'delete_team; serves its foreign key',
    ADD CONSTRAINT task_assignee_team_fk FOREIGN KEY (assignee_team_id) REFERENCES team (id),
    ADD CONSTRAINT task_one_assignee CHECK (assignee_id IS NULL OR assignee_team_id IS NULL);

ALTER TABLE claim
    ADD COLUMN assignee_team_before_id BIGINT UNSIGNED NULL
               COMMENT 'the same of a team, if it still has a role in the workspace' AFTER assignee_before_id;
