CREATE PROCEDURE _check_revision (
    IN p_workspace_id BIGINT UNSIGNED,
    IN p_revision     BIGINT UNSIGNED
)
    COMMENT '
Refuse a revision that a workspace has not come to.

The log only grows. A revision from before it shrank, by a backup that was restored,
would go unnoticed otherwise, until others bear its number.

Parameters
  p_workspace_id  the workspace
  p_revision      the revision; 0 is before the first

Result
  none

Errors
  revision_unknown  the workspace has not come to that revision
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_newest BIGINT UNSIGNED DEFAULT _revision(p_workspace_id);

    IF p_revision > v_newest THEN
        CALL raise_error('revision_unknown', CONCAT('the newest revision of workspace ', p_workspace_id, ' is ', v_newest),
                         JSON_OBJECT('workspace_id', p_workspace_id, 'revision', p_revision, 'newest', v_newest));
    END IF;
END
