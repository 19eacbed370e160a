CREATE SQL SECURITY DEFINER VIEW procedure_help (
    -- The manual of each procedure.
    name, -- the procedure
    help  -- what CALL help(name) shows
) AS
SELECT name, _manual(name)
  FROM schema_object
 WHERE kind = 'procedure' AND name NOT LIKE '\_%' AND name <> 'raise_error'
