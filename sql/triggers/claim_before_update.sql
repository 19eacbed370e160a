-- Only the lease of a claim changes.
CREATE TRIGGER claim_before_update BEFORE UPDATE ON claim FOR EACH ROW
BEGIN
    DECLARE v_workspace_id BIGINT UNSIGNED;

    IF NEW.task_id <> OLD.task_id OR NEW.workspace_id <> OLD.workspace_id OR NEW.user_id <> OLD.user_id
       OR NEW.fence <> OLD.fence OR NOT NEW.assignee_before_id <=> OLD.assignee_before_id
       OR NOT NEW.assignee_team_before_id <=> OLD.assignee_team_before_id
       OR NEW.claimed_at <> OLD.claimed_at THEN
        CALL raise_error('immutable_column', 'only the lease of a claim changes', JSON_OBJECT('task_id', OLD.task_id));
    END IF;

    SELECT id INTO v_workspace_id FROM workspace WHERE id = OLD.workspace_id FOR UPDATE;
END
