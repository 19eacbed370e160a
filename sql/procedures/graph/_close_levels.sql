CREATE PROCEDURE _close_levels ()
    COMMENT '
Drop the tables of _level_tasks.

Result
  none
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DROP TEMPORARY TABLE IF EXISTS leveled_edge, leveled_task, leveled_wave;
END
