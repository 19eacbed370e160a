CREATE PROCEDURE _check_lease (
    IN p_lease_seconds INT
)
    COMMENT '
Refuse a lease that is no length of time, or too long to be waited for.

Parameters
  p_lease_seconds  1 to 86,400: a day

Result
  none

Errors
  invalid_request  it is not
'
    CONTAINS SQL
    SQL SECURITY DEFINER
BEGIN
    IF NOT COALESCE(p_lease_seconds BETWEEN 1 AND 86400, FALSE) THEN
        CALL raise_error('invalid_request', 'a lease is 1 to 86400 seconds long',
                         JSON_OBJECT('errors', JSON_OBJECT('lease_seconds', JSON_ARRAY('1 to 86400'))));
    END IF;
END
