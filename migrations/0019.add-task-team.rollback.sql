-- transactional: false
ALTER TABLE claim
    DROP COLUMN assignee_team_before_id;
ALTER TABLE task
    DROP CHECK task_one_assignee,
    DROP FOREIGN KEY task_assignee_team_fk,
    DROP KEY task_assignee_team,
    DROP COLUMN assignee_team_id;
