CREATE PROCEDURE _check_time_zone (
    IN p_time_zone VARCHAR(64)
)
    COMMENT '
Refuse what is no time zone.

Parameters
  p_time_zone  an offset, such as +01:00, or a name that the server knows

Result
  none

Errors
  invalid_request  it is no time zone
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    IF CONVERT_TZ(UTC_TIMESTAMP(), '+00:00', p_time_zone) IS NULL THEN
        CALL raise_error('invalid_request', 'the time zone is neither an offset such as +01:00 nor a name that MySQL knows',
                         JSON_OBJECT('errors', JSON_OBJECT('time_zone', JSON_ARRAY('is not known'))));
    END IF;
END
