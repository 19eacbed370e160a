-- Whoever changes a workspace locks its row first.
CREATE TRIGGER reaction_before_delete BEFORE DELETE ON reaction FOR EACH ROW
BEGIN
    DECLARE v_workspace_id BIGINT UNSIGNED;

    SELECT id INTO v_workspace_id FROM workspace WHERE id = OLD.workspace_id FOR UPDATE;
END
