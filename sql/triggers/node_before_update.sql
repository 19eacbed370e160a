-- Nodes are derived: only our own triggers and procedures, which say so in
-- @headgate_deriving, may write them.
CREATE TRIGGER node_before_update BEFORE UPDATE ON node FOR EACH ROW
BEGIN
    IF @headgate_deriving IS NULL THEN
        CALL raise_error('derived_row', 'node is derived from tasks and dependencies; rebuild_workspace recomputes it',
                         JSON_OBJECT('task_id', NEW.task_id));
    END IF;
END
