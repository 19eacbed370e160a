CREATE PROCEDURE apply_changes (
    IN p_actor_id        BIGINT UNSIGNED,
    IN p_workspace_id    BIGINT UNSIGNED,
    IN p_changes         JSON,
    IN p_mode            VARCHAR(8),
    IN p_idempotency_key VARCHAR(128)
)
    COMMENT '
Apply many changes at once, all of them or none; or show what they would do.

They are applied in their order, as if each were called by itself, under the rules of
the procedure of its name; but nothing is kept if one is refused, and all refusals are
told at once. A change that is refused leaves nothing behind, and those after it are
judged as if it were not there; one that needs a task whose creation was refused is
not judged at all.

A change is an object; op says what it does, and the other members are those of the
single call:
create (title; as create_task, and key), update (task; as update_task, and version,
cascade), start, complete, cancel (task), reopen (task, cascade), delete (task, mode),
add_dependency and remove_dependency (task, depends_on).
A task is referred to by its id (a number) or a key (a string): the key of an earlier
create of the same batch, or else the task_key of a task of the workspace. A create
without a key is called by # and its index, such as "#0".

Many creations and new dependencies in a row go in together, which is much faster and
has the same outcome; only ids and the change log may be in another order then.

Parameters
  p_actor_id         the user who asks; NULL for the one that the SQL login is bound to
  p_workspace_id     the workspace; NULL for the personal one of the actor
  p_changes          an array of up to 50,000 changes and 16 MiB
  p_mode             apply; or preview: do the same, tell of it and undo it all
  p_idempotency_key  NULL, or a key of the choice of the caller: when a call is repeated
                     with it within a day, its first answer comes again and nothing is
                     done; kept per user, and only if the call succeeds; a preview
                     ignores it

Result
  one row: workspace_id, revision (after it; of a preview, before it), mode, is_replay
  (whether it is the answer of an earlier call), tasks_created, tasks_updated,
  tasks_deleted, dependencies_added, dependencies_removed,
  created (an array: index, key, task_id, readiness; in a preview task_id is null),
  newly_ready and newly_blocked (older tasks that became so: task_id, title),
  reopened (older tasks that a cascade opened: index, task_id, title),
  refused_count, refused (of a preview: the first 1,000, as the facts of
  changes_refused) and not_judged (an array of indexes)

Errors
  actor_not_allowed       the login may not ask for that user
  actor_required          the login may ask for any user and named none
  permission_denied       the role of the actor does not allow planning
  workspace_not_found     there is no such workspace for the actor
  invalid_changes         the changes are no array, or the mode or the key is wrong
  too_many_changes        there are more than 50,000, or they are larger than 16 MiB
  changes_refused         some changes are refused; its facts hold refused_count, refused
                          (the first 1,000: index, op, code and detail of each, and
                          the facts of its code; of a cycle its path, and changes: for
                          each step the index it comes from, or null) and not_judged
  idempotency_key_reused  the key was used for another call

Example
  CALL apply_changes(NULL, NULL, JSON_ARRAY(JSON_OBJECT("op", "complete", "task", 7)), "preview", NULL);
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_count     INT UNSIGNED DEFAULT JSON_LENGTH(p_changes);
    DECLARE v_place     INT UNSIGNED DEFAULT 0;
    DECLARE v_end       INT UNSIGNED;
    DECLARE v_revision  BIGINT UNSIGNED;
    DECLARE v_last_id   BIGINT UNSIGNED;
    DECLARE v_hash      BINARY(32);
    DECLARE v_report    JSON;
    DECLARE v_is_replay BOOLEAN DEFAULT FALSE;

    -- An open transaction of the caller (1568) is not ours to end.
    DECLARE EXIT HANDLER FOR 1568 RESIGNAL;
    DECLARE EXIT HANDLER FOR SQLEXCEPTION
    BEGIN
        ROLLBACK;
        SET @headgate_actor_id = NULL, @headgate_deriving = NULL, @headgate_new_after = NULL;
        CALL _drop_changes();
        RESIGNAL;
    END;

    SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
    START TRANSACTION;

    CALL _lock_workspace(p_actor_id, p_workspace_id, 'plan');

    IF NOT COALESCE(JSON_TYPE(p_changes) = 'ARRAY', FALSE) THEN
        CALL raise_error('invalid_changes', 'the changes are not an array', NULL);
    END IF;

    IF NOT COALESCE(p_mode IN ('apply', 'preview'), FALSE) THEN
        CALL raise_error('invalid_changes', CONCAT('no mode ', COALESCE(p_mode, 'NULL'), ', only apply and preview'), NULL);
    END IF;

    IF p_idempotency_key = '' THEN
        CALL raise_error('invalid_changes', 'an idempotency key has 1 to 128 characters', NULL);
    END IF;

    IF v_count > 50000 OR JSON_STORAGE_SIZE(p_changes) > 16 * 1024 * 1024 THEN
        CALL raise_error('too_many_changes', CONCAT('one call takes 50000 changes and 16 MiB, not ', v_count, ' changes and ',
                                                    JSON_STORAGE_SIZE(p_changes), ' bytes'),
                         JSON_OBJECT('changes', v_count, 'most', 50000));
    END IF;

    IF p_mode = 'apply' AND p_idempotency_key IS NOT NULL THEN
        SET v_hash = UNHEX(SHA2(CONCAT(p_workspace_id, ':', p_changes), 256));
        CALL _find_answer(p_actor_id, p_idempotency_key, v_hash, v_report);
        SET v_is_replay = v_report IS NOT NULL;
    END IF;

    IF NOT v_is_replay THEN
        SET v_revision = _revision(p_workspace_id);
        SELECT COALESCE(MAX(id), 0) INTO v_last_id FROM task WHERE workspace_id = p_workspace_id;

        CALL _stage_changes(p_changes);

        WHILE v_place < v_count DO
            SELECT COALESCE(MIN(place), v_count)
              INTO v_end
              FROM change_item
             WHERE place >= v_place AND op NOT IN ('create', 'add_dependency');

            -- Preparing a run costs as much as some changes.
            IF v_end - v_place >= 16 THEN
                CALL _apply_in_bulk(p_workspace_id, p_actor_id, v_place, v_end - 1);
                SET v_place = v_end;
            ELSE
                CALL _judge_change(p_workspace_id, p_actor_id, v_place);
                SET v_place = v_place + 1;
            END IF;
        END WHILE;

        CALL _report_changes(p_workspace_id, v_revision, v_last_id, p_mode = 'apply', v_report);
        CALL _drop_changes();

        IF p_mode = 'apply' THEN
            SET v_revision = _revision(p_workspace_id);
        END IF;

        SET v_report = JSON_SET(v_report, '$.revision', v_revision);

        IF p_mode = 'apply' AND JSON_EXTRACT(v_report, '$.refused_count') > 0 THEN
            CALL raise_error('changes_refused',
                             CONCAT(JSON_EXTRACT(v_report, '$.refused_count'), ' of ', v_count, ' changes are refused, first change ',
                                    JSON_EXTRACT(v_report, '$.refused[0].index'), ': ',
                                    JSON_UNQUOTE(JSON_EXTRACT(v_report, '$.refused[0].detail'))),
                             JSON_OBJECT('refused_count', JSON_EXTRACT(v_report, '$.refused_count'),
                                         'refused', JSON_EXTRACT(v_report, '$.refused'),
                                         'not_judged', JSON_EXTRACT(v_report, '$.not_judged')));
        END IF;

        IF v_hash IS NOT NULL THEN
            CALL _keep_answer(p_actor_id, p_idempotency_key, v_hash, v_report);
        END IF;
    END IF;

    SELECT p_workspace_id AS workspace_id, report.revision, p_mode AS mode, v_is_replay AS is_replay,
           report.tasks_created, report.tasks_updated, report.tasks_deleted,
           report.dependencies_added, report.dependencies_removed,
           report.created, report.newly_ready, report.newly_blocked, report.reopened,
           report.refused_count, report.refused, report.not_judged
      FROM JSON_TABLE(v_report, '$' COLUMNS (
               revision             BIGINT UNSIGNED PATH '$.revision',
               tasks_created        INT UNSIGNED    PATH '$.tasks_created',
               tasks_updated        INT UNSIGNED    PATH '$.tasks_updated',
               tasks_deleted        INT UNSIGNED    PATH '$.tasks_deleted',
               dependencies_added   INT UNSIGNED    PATH '$.dependencies_added',
               dependencies_removed INT UNSIGNED    PATH '$.dependencies_removed',
               created              JSON            PATH '$.created',
               newly_ready          JSON            PATH '$.newly_ready',
               newly_blocked        JSON            PATH '$.newly_blocked',
               reopened             JSON            PATH '$.reopened',
               refused_count        INT UNSIGNED    PATH '$.refused_count',
               refused              JSON            PATH '$.refused',
               not_judged           JSON            PATH '$.not_judged')) AS report;

    IF p_mode = 'apply' THEN
        COMMIT;
    ELSE
        ROLLBACK;
    END IF;

    SET @headgate_actor_id = NULL;
END
