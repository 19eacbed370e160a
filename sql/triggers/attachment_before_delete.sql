-- Whoever changes a workspace locks its row first.
CREATE TRIGGER attachment_before_delete BEFORE DELETE ON attachment FOR EACH ROW
BEGIN
    DECLARE v_workspace_id BIGINT UNSIGNED;

    SELECT id INTO v_workspace_id FROM workspace WHERE id = OLD.workspace_id FOR UPDATE;
END
