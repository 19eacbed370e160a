CREATE PROCEDURE list_orphans (
    IN p_limit INT UNSIGNED
)
    COMMENT '
List files whose bytes are to be removed from storage, and give up uploads whose lease has ended.

Only for the service, which removes the bytes and then calls forget_orphan for each. If it is
killed in between, the same file is listed again; bytes that are gone may be removed once more.

Parameters
  p_limit  how many rows at most

Result
  rows: file_id, storage_key

Example
  CALL list_orphans(100);
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    -- Each row by itself: no upload that is just being finished has to wait for others.
    UPDATE stored_file
       SET state = 'dropped'
     WHERE collect_at < CURRENT_TIMESTAMP(6) AND state = 'pending'
     ORDER BY collect_at
     LIMIT p_limit;

    SELECT id AS file_id, storage_key
      FROM stored_file
     WHERE collect_at < CURRENT_TIMESTAMP(6) AND state = 'dropped'
     ORDER BY collect_at
     LIMIT p_limit;
END
