CREATE SQL SECURITY DEFINER VIEW procedure_help (
    -- The manual of each procedure.
    name, -- the procedure
    help  -- what CALL help(name) shows
) AS
SELECT routine_name, TRIM(LEADING '\n' FROM routine_comment)
  FROM information_schema.routines
 WHERE routine_schema = DATABASE() AND routine_type = 'PROCEDURE'
   AND routine_name NOT LIKE '\_%' AND routine_name <> 'raise_error'
