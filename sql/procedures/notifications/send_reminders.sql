CREATE PROCEDURE send_reminders (
    IN p_hours INT UNSIGNED,
    IN p_limit INT UNSIGNED
)
    COMMENT '
Tell people of tasks that are due soon, and of those that are overdue, each once for a date.

Only for the service: its workers call it, as often and as many at once as they like.
Which tasks are due is found by an index, however many there are; those that another
worker is just telling are left to it. A task that was closed meanwhile is not told.

Parameters
  p_hours  how long before its date a task is due soon; 0: only what is overdue is told
  p_limit  how many tasks at most, of each

Result
  one row: tasks, how many were looked at; if 0, nothing more is to be told now

Example
  CALL send_reminders(24, 500);
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_now    DATETIME DEFAULT UTC_TIMESTAMP();
    DECLARE v_late   JSON;
    DECLARE v_soon   JSON;
    DECLARE v_events JSON;

    -- An open transaction of the caller (1568) is not ours to end.
    DECLARE EXIT HANDLER FOR 1568 RESIGNAL;
    DECLARE EXIT HANDLER FOR SQLEXCEPTION
    BEGIN
        ROLLBACK;
        RESIGNAL;
    END;

    SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
    START TRANSACTION;

    SELECT JSON_ARRAYAGG(task_id)
      INTO v_late
      FROM (SELECT task_id
              FROM reminder
             WHERE told = 'due_soon' AND due_at <= v_now
             ORDER BY due_at
             LIMIT p_limit
               FOR UPDATE SKIP LOCKED) AS late;

    SELECT JSON_ARRAYAGG(task_id)
      INTO v_soon
      FROM (SELECT task_id
              FROM reminder
             WHERE told = 'nothing' AND due_at <= v_now + INTERVAL p_hours HOUR
             ORDER BY due_at
             LIMIT p_limit
               FOR UPDATE SKIP LOCKED) AS soon;

    SET v_soon = JSON_MERGE_PRESERVE(COALESCE(v_late, JSON_ARRAY()), COALESCE(v_soon, JSON_ARRAY()));

    SELECT JSON_ARRAYAGG(JSON_OBJECT('kind', IF(reminder.due_at <= v_now, 'overdue', 'due_soon'), 'task_id', reminder.task_id,
                                     'due_at', reminder.due_at, 'of_task_id', reminder.task_id))
      INTO v_events
      FROM JSON_TABLE(v_soon, '$[*]' COLUMNS (task_id BIGINT UNSIGNED PATH '$')) AS chosen
      JOIN reminder ON reminder.task_id = chosen.task_id
      JOIN task ON task.id = reminder.task_id AND task.due_at = reminder.due_at
      JOIN node ON node.task_id = reminder.task_id AND node.is_open;

    CALL _tell(v_events);

    UPDATE /*+ JOIN_FIXED_ORDER() */ JSON_TABLE(v_soon, '$[*]' COLUMNS (task_id BIGINT UNSIGNED PATH '$')) AS chosen
      JOIN reminder ON reminder.task_id = chosen.task_id
       SET reminder.told = IF(reminder.due_at <= v_now, 'overdue', 'due_soon');

    SELECT JSON_LENGTH(v_soon) AS tasks;

    COMMIT;
END
