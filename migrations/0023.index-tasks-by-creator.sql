-- creator:me, newest first; as for the assignee.
-- transactional: false

ALTER TABLE task
    DROP KEY task_creator,
    ADD KEY task_creator (created_by, workspace_id, id) COMMENT 'list_tasks creator:me; serves its foreign key',
    ALGORITHM = INPLACE,
    LOCK = NONE;
