CREATE PROCEDURE _find_revision (
    IN  p_workspace_id BIGINT UNSIGNED,
    IN  p_revision     BIGINT UNSIGNED,
    IN  p_time         DATETIME(6),
    OUT p_found        BIGINT UNSIGNED
)
    COMMENT '
Find the revision that a question about the past means: named itself, or by a time.

Revisions follow the order of commits, and their times nearly do: a statement that
waited for the lock bears the time at which it began, and a clock can be set back. A
time means the newest revision that bears it or an earlier one.

Parameters
  p_workspace_id  the workspace
  p_revision      the revision, 0 for before the first; or NULL
  p_time          a point in time in UTC, or NULL: one of the two
  p_found         the revision; 0 where the time is before the first

Result
  none

Errors
  invalid_request   neither a revision nor a time is given, or both are
  revision_unknown  the workspace has not come to that revision
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    -- Compared as numbers: the time zone of the session says nothing about UTC.
    DECLARE v_microseconds BIGINT DEFAULT TIMESTAMPDIFF(MICROSECOND, '1970-01-01', p_time);

    IF (p_revision IS NULL) = (p_time IS NULL) THEN
        CALL raise_error('invalid_request', 'a question about the past names a revision or a time, and not both',
                         JSON_OBJECT('errors', JSON_OBJECT('revision', JSON_ARRAY('either this or a time'))));
    END IF;

    IF p_time IS NULL THEN
        CALL _check_revision(p_workspace_id, p_revision);
        SET p_found = p_revision;
    ELSE
        SET p_found = COALESCE((SELECT revision
                                  FROM change_log
                                 WHERE workspace_id = p_workspace_id AND UNIX_TIMESTAMP(changed_at) * 1000000 <= v_microseconds
                                 ORDER BY revision DESC
                                 LIMIT 1), 0);
    END IF;
END
