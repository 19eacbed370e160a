-- Whoever changes a workspace locks its row first. Deleting the row takes its place
-- along: delete_task does that, and delete_comment leaves the place.
CREATE TRIGGER comment_before_delete BEFORE DELETE ON comment FOR EACH ROW
BEGIN
    DECLARE v_workspace_id BIGINT UNSIGNED;

    SELECT id INTO v_workspace_id FROM workspace WHERE id = OLD.workspace_id FOR UPDATE;

    CALL _empty_comment(OLD.workspace_id, OLD.id);
END
