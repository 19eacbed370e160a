CREATE PROCEDURE _leave_out_suspects ()
    COMMENT '
Take the dependencies of suspects out of those that go in together.

Result
  none
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DELETE staged_edge
      FROM bulk_suspect
      JOIN change_wish ON change_wish.place = bulk_suspect.place
      JOIN staged_edge ON staged_edge.id = change_wish.id;

    DELETE bulk_edge
      FROM bulk_suspect
      JOIN change_wish ON change_wish.place = bulk_suspect.place
      JOIN bulk_edge ON bulk_edge.id = change_wish.id;
END
