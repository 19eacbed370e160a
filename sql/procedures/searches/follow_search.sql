CREATE PROCEDURE follow_search (
    IN p_actor_id  BIGINT UNSIGNED,
    IN p_search_id BIGINT UNSIGNED,
    IN p_after     BIGINT UNSIGNED,
    IN p_limit     INT UNSIGNED
)
    COMMENT '
Tell which tasks have entered a saved search, and which have left it.

Each call looks what the search finds now, for the actor, and compares it with what it
found when the actor looked last: whatever made the difference, a change of a task, of
what it waits for, of the search itself, or time. What entered and left again between two
looks is not told. The first call only notes what is found; it, and a call after a month
without any, begins anew. What entered and left is kept for a week.

Parameters
  p_actor_id   the user who asks; NULL for the one that the SQL login is bound to
  p_search_id  the search
  p_after      the place that the answer to the call before gave; NULL for from now on
  p_limit      how many rows at most; NULL for all

Result
  rows in the order in which it was noticed: place, event (entered or left), task_id, revision
  (how far the log of the workspace had come then), noticed_at, and of the task as it is now
  task_key, title, status, priority, assignee_id, due_at and readiness, NULL if it is gone; and one
  row: place, from which to go on, and is_more, whether there are more already

Errors
  actor_not_allowed  the login may not ask for that user
  actor_required     the login may ask for any user and named none
  permission_denied  the role of the actor does not allow reading
  search_not_found   there is no such search for the actor
  search_invalid     the search cannot be read any more
  invalid_request    a name in the search is gone
  search_too_wide    it finds more than 10,000 tasks
  place_gone         what came after that place is not kept, or the search never was at that
                     place; list what it finds, and go on from the place in the error

Example
  CALL follow_search(NULL, 1, NULL, 100);
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_workspace_id BIGINT UNSIGNED;
    DECLARE v_revision     BIGINT UNSIGNED;
    DECLARE v_place        BIGINT UNSIGNED;
    DECLARE v_gone         BIGINT UNSIGNED;
    DECLARE v_looked_at    TIMESTAMP(6);
    DECLARE v_found        JSON;
    DECLARE v_changed      INT UNSIGNED DEFAULT 0;

    -- An open transaction of the caller (1568) is not ours to end.
    DECLARE EXIT HANDLER FOR 1568 RESIGNAL;
    DECLARE EXIT HANDLER FOR SQLEXCEPTION
    BEGIN
        ROLLBACK;
        RESIGNAL;
    END;

    SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
    START TRANSACTION;

    CALL _find_search(p_actor_id, p_search_id, 'read', v_workspace_id);
    CALL _lock_watch(p_search_id, p_actor_id, v_place, v_gone, v_looked_at);

    IF p_after NOT BETWEEN v_gone AND v_place THEN
        CALL raise_error('place_gone', CONCAT('go on from ', v_place, ', and list before that what the search finds'),
                         JSON_OBJECT('search_id', p_search_id, 'place', p_after, 'oldest', v_gone, 'newest', v_place));
    END IF;

    SET v_revision = _revision(v_workspace_id);
    CALL _find_members(v_workspace_id, p_actor_id, p_search_id, v_found);

    IF v_looked_at IS NULL THEN
        INSERT INTO search_member (search_id, user_id, task_id)
        SELECT p_search_id, p_actor_id, id FROM JSON_TABLE(v_found, '$[*]' COLUMNS (id BIGINT UNSIGNED PATH '$')) AS found;
    ELSE
        INSERT INTO search_event (search_id, user_id, place, event, task_id, revision)
        SELECT p_search_id, p_actor_id, v_place + ROW_NUMBER() OVER (ORDER BY event DESC, task_id), event, task_id, v_revision
          FROM (SELECT 'entered' AS event, found.id AS task_id
                  FROM JSON_TABLE(v_found, '$[*]' COLUMNS (id BIGINT UNSIGNED PATH '$')) AS found
                  LEFT JOIN search_member AS member
                    ON member.search_id = p_search_id AND member.user_id = p_actor_id AND member.task_id = found.id
                 WHERE member.task_id IS NULL
                 UNION ALL
                SELECT 'left', task_id
                  FROM search_member
                 WHERE search_id = p_search_id AND user_id = p_actor_id
                   AND task_id NOT IN (SELECT id FROM JSON_TABLE(v_found, '$[*]' COLUMNS (id BIGINT UNSIGNED PATH '$')) AS found)
               ) AS changed;
        SET v_changed = ROW_COUNT();
    END IF;

    IF v_changed THEN
        DELETE member
          FROM search_event AS changed
          JOIN search_member AS member USING (search_id, user_id, task_id)
         WHERE changed.search_id = p_search_id AND changed.user_id = p_actor_id AND changed.place > v_place AND changed.event = 'left';

        INSERT INTO search_member (search_id, user_id, task_id)
        SELECT search_id, user_id, task_id
          FROM search_event
         WHERE search_id = p_search_id AND user_id = p_actor_id AND place > v_place AND event = 'entered';
    END IF;

    -- When it was is of interest by the month.
    IF v_changed OR COALESCE(v_looked_at < CURRENT_TIMESTAMP(6) - INTERVAL 1 HOUR, TRUE) THEN
        UPDATE search_watch
           SET place = v_place + v_changed, looked_at = CURRENT_TIMESTAMP(6)
         WHERE search_id = p_search_id AND user_id = p_actor_id;
    END IF;

    SET v_place = v_place + v_changed, p_after = COALESCE(p_after, v_place),
        v_changed = LEAST(v_place - p_after, COALESCE(p_limit, 4294967295));

    SELECT changed.place, changed.event, changed.task_id, changed.revision, changed.noticed_at, task.task_key, task.title,
           task.status, task.priority, task.assignee_id, task.due_at, node.readiness
      FROM search_event AS changed
      LEFT JOIN task ON task.id = changed.task_id AND task.workspace_id = v_workspace_id
      LEFT JOIN node ON node.task_id = task.id
     WHERE changed.search_id = p_search_id AND changed.user_id = p_actor_id AND changed.place > p_after
       AND changed.place <= p_after + v_changed
     ORDER BY changed.place;

    SELECT p_after + v_changed AS place, p_after + v_changed < v_place AS is_more;

    COMMIT;
END
