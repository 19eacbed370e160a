CREATE PROCEDURE _drop_changes ()
    COMMENT '
Drop the tables of _stage_changes and those of _apply_in_bulk.

Result
  none
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DROP TEMPORARY TABLE IF EXISTS
        change_item, change_name, change_prerequisite, change_task, change_tag, change_wish, change_edge, change_error, change_reopened,
        bulk_wish, bulk_edge, bulk_suspect;
    CALL _close_staging();
END
