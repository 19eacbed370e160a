CREATE PROCEDURE _check_version (
    IN p_task_id          BIGINT UNSIGNED,
    IN p_expected_version INT UNSIGNED
)
    COMMENT '
Refuse unless a task still is as it was read.

Parameters
  p_task_id           the task, whose workspace is locked
  p_expected_version  the version that it should have; NULL for any

Result
  none

Errors
  version_mismatch  someone else changed the task since
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_version INT UNSIGNED;

    IF p_expected_version IS NOT NULL THEN
        SELECT version INTO v_version FROM task WHERE id = p_task_id;

        IF v_version <> p_expected_version THEN
            CALL raise_error('version_mismatch',
                             CONCAT('task ', p_task_id, ' has version ', v_version, ', not ', p_expected_version),
                             JSON_OBJECT('task_id', p_task_id, 'version', v_version));
        END IF;
    END IF;
END
