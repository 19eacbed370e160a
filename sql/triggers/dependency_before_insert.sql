-- Every dependency goes uphill: while each prerequisite is ranked below what
-- waits for it, there is no cycle, whatever happens at once. Two rows decide,
-- by locking reads: an old snapshot of the caller does not count.
-- Putting two tasks in order is the work of add_dependency.
CREATE TRIGGER dependency_before_insert BEFORE INSERT ON dependency FOR EACH ROW
BEGIN
    DECLARE v_workspace_id      BIGINT UNSIGNED;
    DECLARE v_rank              BIGINT;
    DECLARE v_is_open           BOOLEAN;
    DECLARE v_prerequisite_rank BIGINT;

    -- An import (2) has locked the workspace, and tasks after @headgate_new_after
    -- are open and ranked by id: between those the ids decide, and nothing is read.
    IF NOT COALESCE(@headgate_deriving = 2 AND @headgate_new_after < NEW.depends_on_id
                    AND NEW.depends_on_id < NEW.task_id, FALSE) THEN
        SELECT id INTO v_workspace_id FROM workspace WHERE id = NEW.workspace_id FOR UPDATE;

        -- Whether it blocks is handed to the trigger that counts it once the row is in.
        SELECT waiting.topo_rank, waiting.is_open, prerequisite.topo_rank, prerequisite.is_open
          INTO v_rank, v_is_open, v_prerequisite_rank, @headgate_is_blocking
          FROM node AS waiting
          JOIN node AS prerequisite
         WHERE waiting.task_id = NEW.task_id AND waiting.workspace_id = NEW.workspace_id
           AND prerequisite.task_id = NEW.depends_on_id AND prerequisite.workspace_id = NEW.workspace_id
           FOR SHARE;

        IF v_rank IS NULL THEN
            CALL raise_error('task_not_found',
                             CONCAT('task ', NEW.task_id, ' or ', NEW.depends_on_id, ' is not in workspace ', NEW.workspace_id),
                             JSON_OBJECT('task_id', NEW.task_id, 'depends_on_id', NEW.depends_on_id));
        END IF;

        IF v_prerequisite_rank >= v_rank THEN
            CALL raise_error('dependency_not_uphill',
                             CONCAT('task ', NEW.depends_on_id, ' is not ordered before task ', NEW.task_id,
                                    '; use CALL add_dependency(NULL, ', NEW.task_id, ', ', NEW.depends_on_id, ')'),
                             JSON_OBJECT('task_id', NEW.task_id, 'depends_on_id', NEW.depends_on_id));
        END IF;

        IF @headgate_is_blocking AND NOT v_is_open
           AND EXISTS (SELECT 1 FROM task WHERE id = NEW.task_id AND status = 'completed' FOR SHARE) THEN
            CALL raise_error('task_blocked',
                             CONCAT('task ', NEW.task_id, ' is completed and cannot wait for open task ', NEW.depends_on_id),
                             JSON_OBJECT('task_id', NEW.task_id, 'open_prerequisites',
                                         JSON_ARRAY(JSON_OBJECT('task_id', NEW.depends_on_id))));
        END IF;
    END IF;
END
