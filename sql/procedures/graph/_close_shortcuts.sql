CREATE PROCEDURE _close_shortcuts ()
    COMMENT '
Drop the tables of _open_shortcuts.

Result
  none
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DROP TEMPORARY TABLE IF EXISTS
        numbered_task, numbered_prerequisite, numbered_edge, level_end, nearest_dependent, shortcut,
        reaching_task, reaching_wave, redundant_edge;
END
