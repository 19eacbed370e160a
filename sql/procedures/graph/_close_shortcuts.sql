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
        standing_edge, deep_task, depth_wave, shortcut, reaching_task, reaching_wave, redundant_edge;
END
