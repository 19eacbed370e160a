-- Whoever changes a workspace locks its row first.
CREATE TRIGGER membership_before_insert BEFORE INSERT ON membership FOR EACH ROW
BEGIN
    DECLARE v_workspace_id BIGINT UNSIGNED;

    SELECT id INTO v_workspace_id FROM workspace WHERE id = NEW.workspace_id FOR UPDATE;
END
