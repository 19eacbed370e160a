CREATE PROCEDURE begin_import ()
    COMMENT '
Begin to import tasks over this connection; rows staged before are forgotten.

Only for the service: stage_tasks and finish_import go on from here. Staged
rows live in temporary tables of the connection.

Result
  none

Example
  CALL begin_import();
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    CALL _open_staging();
END
