CREATE FUNCTION _manual (
    p_name VARCHAR(64)
)
    RETURNS TEXT
    COMMENT '
Read the header of a procedure.

MySQL shows it to nobody whose right to the procedure comes by a role, not even
through a view of somebody who has it: hence this detour.

Parameters
  p_name  the procedure

Result
  its COMMENT, or NULL
'
    READS SQL DATA
    SQL SECURITY DEFINER
RETURN (SELECT TRIM(LEADING '\n' FROM routine_comment)
          FROM information_schema.routines
         WHERE routine_schema = DATABASE() AND routine_type = 'PROCEDURE' AND routine_name = p_name)
