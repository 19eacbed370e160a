CREATE PROCEDURE dispatch_changes (
    IN p_workspace_id BIGINT UNSIGNED,
    IN p_limit        INT UNSIGNED
)
    COMMENT '
See to it that whoever is to be told of the next changes of a workspace is told.

Only for the service: its workers call it. The cursor of the workspace moves in the
same transaction, so each change is dispatched once, however many workers there are and
wherever one dies. While another works on the workspace there is nothing to do here.
A task that a change freed counts if it is ready now: not if it waits again, or is done.

Parameters
  p_workspace_id  the workspace
  p_limit         how many changes at most

Result
  one row: workspace_id, after_revision and revision (the changes after the first up to
  the second were dispatched), is_more (whether there are later ones); no row if there
  was nothing to do

Example
  CALL dispatch_changes(3, 1000);
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_after  BIGINT UNSIGNED;
    DECLARE v_newest BIGINT UNSIGNED;
    DECLARE v_to     BIGINT UNSIGNED;
    DECLARE v_freed  JSON;

    -- An open transaction of the caller (1568) is not ours to end.
    DECLARE EXIT HANDLER FOR 1568 RESIGNAL;
    DECLARE EXIT HANDLER FOR SQLEXCEPTION
    BEGIN
        ROLLBACK;
        RESIGNAL;
    END;

    SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
    START TRANSACTION;

    -- Statements, not expressions: in those MySQL reads with locks, and waits for who writes.
    SELECT MAX(revision) INTO v_newest FROM change_log WHERE workspace_id = p_workspace_id;
    SELECT revision INTO v_after FROM dispatch WHERE workspace_id = p_workspace_id;

    IF v_newest IS NOT NULL AND v_after IS NULL THEN
        INSERT IGNORE INTO dispatch (workspace_id) VALUES (p_workspace_id);
    END IF;

    SET v_after = NULL;
    SELECT revision INTO v_after FROM dispatch WHERE workspace_id = p_workspace_id FOR UPDATE SKIP LOCKED;
    SET v_to = LEAST(v_newest, v_after + p_limit);

    IF v_to > v_after THEN
        CALL _dispatch_notifications(p_workspace_id, v_after, v_to);
        CALL _dispatch_webhooks(p_workspace_id, v_after, v_to);

        SELECT JSON_ARRAYAGG(JSON_ARRAY(revision, task_id))
          INTO v_freed
          FROM unblocking
         WHERE workspace_id = p_workspace_id AND revision <= v_to;

        -- By their keys: a range would wait for whoever is just writing the next.
        DELETE /*+ JOIN_FIXED_ORDER() */ unblocking
          FROM JSON_TABLE(v_freed, '$[*]' COLUMNS (
                   revision BIGINT UNSIGNED PATH '$[0]',
                   task_id  BIGINT UNSIGNED PATH '$[1]')) AS freed
          JOIN unblocking
            ON unblocking.workspace_id = p_workspace_id AND unblocking.revision = freed.revision
           AND unblocking.task_id = freed.task_id;

        UPDATE dispatch SET revision = v_to WHERE workspace_id = p_workspace_id;

        SELECT p_workspace_id AS workspace_id, v_after AS after_revision, v_to AS revision, v_newest > v_to AS is_more;
    END IF;

    COMMIT;
END
