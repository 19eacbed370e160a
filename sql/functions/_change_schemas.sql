CREATE FUNCTION _change_schemas ()
    RETURNS JSON
    COMMENT '
Say what each change of apply_changes may hold.

Result
  an object: the name of each operation, and its JSON Schema (draft 4)
'
    DETERMINISTIC
    CONTAINS SQL
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_name JSON DEFAULT '{"type": "string", "minLength": 1, "maxLength": 128}';
    DECLARE v_task JSON DEFAULT '{"anyOf": [{"type": "integer", "minimum": 1, "maximum": 9223372036854775807},
                                            {"type": "string", "minLength": 1, "maxLength": 128}]}';
    DECLARE v_flag JSON DEFAULT '{"type": "boolean"}';
    DECLARE v_fields JSON DEFAULT JSON_SET(JSON_EXTRACT(_task_schema(), '$.properties'), '$.depends_on.items', v_task);
    DECLARE v_form JSON DEFAULT '{"type": "object", "additionalProperties": false}';
    -- What the smaller changes have in common: a task, and nothing else.
    DECLARE v_plain JSON DEFAULT JSON_SET(v_form, '$.required', JSON_ARRAY('op', 'task'),
                                          '$.properties', JSON_OBJECT('task', v_task));
    DECLARE v_edge JSON DEFAULT JSON_SET(v_plain, '$.required', JSON_ARRAY('op', 'task', 'depends_on'),
                                         '$.properties.depends_on', v_task);
    DECLARE v_all JSON DEFAULT JSON_OBJECT(
        'create', JSON_SET(v_form, '$.required', JSON_ARRAY('op', 'title'),
                           '$.properties', JSON_SET(v_fields, '$.key', v_name)),
        'update', JSON_SET(v_form, '$.required', JSON_ARRAY('op', 'task'),
                           '$.properties', JSON_SET(v_fields, '$.task', v_task, '$.cascade', v_flag, '$.version',
                                                    CAST('{"type": "integer", "minimum": 1, "maximum": 4294967295}' AS JSON))),
        'start', v_plain,
        'complete', v_plain,
        'cancel', v_plain,
        'reopen', JSON_SET(v_plain, '$.properties.cascade', v_flag),
        'delete', JSON_SET(v_plain, '$.properties.mode', CAST('{"enum": ["refuse", "splice"]}' AS JSON)),
        'add_dependency', v_edge,
        'remove_dependency', v_edge);

    -- Each names itself, so that a change fits the schema of its own operation only.
    RETURN (SELECT JSON_OBJECTAGG(name, JSON_SET(JSON_EXTRACT(v_all, CONCAT('$.', name)), '$.properties.op',
                                                 JSON_OBJECT('enum', JSON_ARRAY(name))))
              FROM JSON_TABLE(JSON_KEYS(v_all), '$[*]' COLUMNS (name VARCHAR(32) PATH '$')) AS operation);
END
