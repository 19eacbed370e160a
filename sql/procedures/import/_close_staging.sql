CREATE PROCEDURE _close_staging ()
    COMMENT '
Drop the tables of _open_staging.

Result
  none
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DROP TEMPORARY TABLE IF EXISTS
        staged_task, staged_tag, staged_dependency, staged_edge, staged_wait, staged_order,
        staged_rest, staged_peel, staged_core, staged_core_edge, staged_id, staged_prerequisite;
END
