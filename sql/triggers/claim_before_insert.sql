-- Whoever changes a workspace locks its row first; and a claim is on a task that
-- its holder works on, under the newest number, which no claim had before.
CREATE TRIGGER claim_before_insert BEFORE INSERT ON claim FOR EACH ROW
BEGIN
    DECLARE v_workspace_id BIGINT UNSIGNED;

    SELECT id INTO v_workspace_id FROM workspace WHERE id = NEW.workspace_id FOR UPDATE;

    IF NOT EXISTS (SELECT 1
                     FROM task
                    WHERE id = NEW.task_id AND workspace_id = NEW.workspace_id
                      AND status = 'in_progress' AND assignee_id = NEW.user_id
                      AND NEW.fence = (SELECT MAX(revision) FROM change_log WHERE workspace_id = NEW.workspace_id FOR SHARE)
                      FOR SHARE) THEN
        CALL raise_error('claim_unfounded',
                         CONCAT('task ', NEW.task_id, ' is not in progress by user ', NEW.user_id, ' since revision ', NEW.fence),
                         JSON_OBJECT('task_id', NEW.task_id, 'user_id', NEW.user_id, 'fence', NEW.fence));
    END IF;
END
