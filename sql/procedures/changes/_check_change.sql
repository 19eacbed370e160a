CREATE PROCEDURE _check_change (
    IN p_place  INT UNSIGNED,
    IN p_op     VARCHAR(32),
    IN p_change JSON
)
    COMMENT '
Refuse a change that does not have the form of its operation.

Parameters
  p_place   its index
  p_op      its operation
  p_change  all of it

Result
  none

Errors
  invalid_task  a field is missing, unknown, or of a wrong form
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_schema JSON DEFAULT JSON_EXTRACT(_change_schemas(), CONCAT('$.', JSON_QUOTE(p_op)));
    DECLARE v_key    VARCHAR(128);
    DECLARE v_first  INT UNSIGNED;

    IF v_schema IS NULL THEN
        CALL raise_error('invalid_task', CONCAT('op is none of ', JSON_KEYS(_change_schemas())),
                         JSON_OBJECT('errors', JSON_OBJECT('op', JSON_ARRAY('no such operation'))));
    END IF;

    IF NOT JSON_SCHEMA_VALID(v_schema, p_change) THEN
        CALL _raise_form(p_change, v_schema, 'change');
    END IF;

    IF p_op = 'create' THEN
        SET v_key = JSON_UNQUOTE(JSON_EXTRACT(p_change, '$.key'));
        SELECT MIN(place) INTO v_first FROM change_name WHERE name = v_key COLLATE utf8mb4_0900_as_cs;

        IF v_first <> p_place OR v_key LIKE '#%' THEN
            CALL raise_error('invalid_task',
                             IF(v_first <> p_place, CONCAT('key is that of change ', v_first), 'key may not start with #'),
                             JSON_OBJECT('errors', JSON_OBJECT('key', JSON_ARRAY('may not be used'))));
        END IF;
    END IF;
END
