CREATE PROCEDURE _check_task_words (
    IN p_workspace_id     BIGINT UNSIGNED,
    IN p_status           VARCHAR(16),
    IN p_priority         VARCHAR(16),
    IN p_assignee_id      BIGINT UNSIGNED,
    IN p_assignee_team_id BIGINT UNSIGNED
)
    COMMENT '
Refuse a status or priority that does not exist, or an assignee or team from elsewhere.

Called by the triggers of task, so it holds for raw DML and with foreign keys
switched off.

Parameters
  p_workspace_id      the workspace of the task
  p_status            its status
  p_priority          its priority
  p_assignee_id       the user who is to do it, or NULL
  p_assignee_team_id  the team that is to do it, or NULL

Result
  none

Errors
  invalid_task      no such status or priority, or both a user and a team
  member_not_found  the assignee does not belong to the workspace
  team_not_found    the team has no role in the workspace
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    -- Byte by byte: a word in another case, or with a space behind it, would be
    -- found here and not by the triggers that derive from it.
    IF NOT EXISTS (SELECT 1 FROM task_status WHERE BINARY status = BINARY p_status) THEN
        CALL raise_error('invalid_task', CONCAT('no status ', p_status),
                         JSON_OBJECT('errors', JSON_OBJECT('status', JSON_ARRAY('no such status'))));
    END IF;

    IF NOT EXISTS (SELECT 1 FROM task_priority WHERE BINARY priority = BINARY p_priority) THEN
        CALL raise_error('invalid_task', CONCAT('no priority ', p_priority),
                         JSON_OBJECT('errors', JSON_OBJECT('priority', JSON_ARRAY('no such priority'))));
    END IF;

    IF p_assignee_id IS NOT NULL
       AND NOT EXISTS (SELECT 1 FROM membership WHERE workspace_id = p_workspace_id AND user_id = p_assignee_id FOR SHARE) THEN
        CALL raise_error('member_not_found', CONCAT('user ', p_assignee_id, ' is not a member of the workspace'),
                         JSON_OBJECT('user_id', p_assignee_id, 'workspace_id', p_workspace_id));
    END IF;

    IF p_assignee_team_id IS NOT NULL THEN
        IF p_assignee_id IS NOT NULL THEN
            CALL raise_error('invalid_task', 'a task is assigned to a user or to a team',
                             JSON_OBJECT('errors', JSON_OBJECT('assignee_team_id', JSON_ARRAY('there is an assignee_id, too'))));
        END IF;

        IF NOT EXISTS (SELECT 1 FROM team_role WHERE workspace_id = p_workspace_id AND team_id = p_assignee_team_id FOR SHARE) THEN
            CALL raise_error('team_not_found', CONCAT('team ', p_assignee_team_id, ' has no role in the workspace'),
                             JSON_OBJECT('team_id', p_assignee_team_id, 'workspace_id', p_workspace_id));
        END IF;
    END IF;
END
