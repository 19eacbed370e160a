-- Carry the change over to the derived rows: its own, and those that wait for it.
CREATE TRIGGER task_after_update AFTER UPDATE ON task FOR EACH ROW
BEGIN
    DECLARE v_was_open BOOLEAN;
    DECLARE v_is_open  BOOLEAN;

    IF NEW.version <> OLD.version THEN
        CALL _log_change(NEW.workspace_id, 'task', 'update', NEW.id, NULL,
            JSON_MERGE_PRESERVE(_task_row(OLD.task_key, OLD.title, OLD.status, OLD.priority, OLD.assignee_id,
                                          OLD.estimate_minutes, OLD.due_at),
                                IF(BINARY NEW.description = BINARY OLD.description, '{}',
                                   JSON_OBJECT('description', OLD.description))),
            JSON_MERGE_PRESERVE(_task_row(NEW.task_key, NEW.title, NEW.status, NEW.priority, NEW.assignee_id,
                                          NEW.estimate_minutes, NEW.due_at),
                                IF(BINARY NEW.description = BINARY OLD.description, '{}',
                                   JSON_OBJECT('description', NEW.description))));
    END IF;

    IF NEW.priority <> OLD.priority OR NEW.status <> OLD.status THEN
        SELECT before_it.is_open, after_it.is_open
          INTO v_was_open, v_is_open
          FROM task_status AS before_it
          JOIN task_status AS after_it
         WHERE before_it.status = OLD.status AND after_it.status = NEW.status;

        SET @headgate_deriving = TRUE;

        UPDATE node
           SET is_open       = v_is_open,
               priority_rank = (SELECT sort_order FROM task_priority WHERE priority = NEW.priority)
         WHERE task_id = NEW.id;

        IF v_is_open <> v_was_open THEN
            UPDATE /*+ JOIN_FIXED_ORDER() */ dependency AS edge
              JOIN node AS waiting ON waiting.task_id = edge.task_id
               SET waiting.waiting_for = waiting.waiting_for + IF(v_is_open, 1, -1)
             WHERE edge.workspace_id = NEW.workspace_id AND edge.depends_on_id = NEW.id;
        END IF;

        SET @headgate_deriving = NULL;
    END IF;
END
