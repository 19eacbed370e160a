CREATE PROCEDURE _check_task (
    IN p_task   JSON,
    IN p_is_new BOOLEAN
)
    COMMENT '
Refuse an object that does not describe a task.

What the words in it mean (does the status exist, may it change so) is decided
by the triggers; here only its form is looked at.

Parameters
  p_task    an object as for create_task
  p_is_new  whether the title is required

Result
  none

Errors
  invalid_task  a field is missing, unknown, or of a wrong form
'
    CONTAINS SQL
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_task    JSON DEFAULT COALESCE(p_task, CAST('null' AS JSON));
    DECLARE v_field   VARCHAR(64);
    DECLARE v_problem VARCHAR(200);
    DECLARE v_due_at  VARCHAR(32);

    -- The schema of _task_schema as a literal, which MySQL reads once a session and not
    -- for each task; a test compares the two.
    IF NOT JSON_SCHEMA_VALID('{
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "title": {"type": "string", "minLength": 1, "maxLength": 200},
            "description": {"type": ["string", "null"], "maxLength": 16000},
            "status": {"type": "string", "maxLength": 16, "pattern": "^[ -~]*$"},
            "priority": {"type": "string", "maxLength": 16, "pattern": "^[ -~]*$"},
            "assignee_id": {"type": ["integer", "null"], "minimum": 1},
            "assignee_team_id": {"type": ["integer", "null"], "minimum": 1},
            "estimate_minutes": {"type": ["integer", "null"], "minimum": 0, "maximum": 5256000},
            "due_at": {"type": ["string", "null"], "minLength": 10, "maxLength": 32},
            "task_key": {"type": ["string", "null"], "minLength": 1, "maxLength": 128},
            "tags": {"type": "array", "maxItems": 50,
                     "items": {"type": "string", "minLength": 1, "maxLength": 64}},
            "depends_on": {"type": "array", "maxItems": 1000, "uniqueItems": true,
                           "items": {"type": "integer", "minimum": 1}}
        }
    }', v_task) THEN
        CALL _raise_form(v_task, _task_schema(), 'task');
    ELSEIF p_is_new AND NOT JSON_CONTAINS_PATH(p_task, 'one', '$.title') THEN
        SET v_field = 'title', v_problem = 'is required';
    ELSEIF TRIM(JSON_UNQUOTE(JSON_EXTRACT(p_task, '$.title'))) = '' COLLATE utf8mb4_0900_ai_ci THEN
        SET v_field = 'title', v_problem = 'may not be blank';
    ELSEIF JSON_UNQUOTE(JSON_EXTRACT(p_task, '$.task_key')) LIKE '#%' THEN
        SET v_field = 'task_key', v_problem = 'may not start with #';
    ELSE
        SELECT given.due_at INTO v_due_at FROM JSON_TABLE(p_task, '$' COLUMNS (due_at VARCHAR(32) PATH '$.due_at')) AS given;

        IF CAST(v_due_at AS DATETIME) IS NULL AND v_due_at IS NOT NULL
           -- CAST is content with a date at the beginning, whatever follows.
           OR v_due_at NOT REGEXP CONCAT('^[0-9]{4}-[0-9]{2}-[0-9]{2}',
                                         '([ T][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,6})?)?(Z|[+-][0-9]{2}:[0-9]{2})?)?$') THEN
            SET v_field = 'due_at', v_problem = 'is not a date such as 2026-12-01 09:00:00';
        END IF;
    END IF;

    IF v_problem IS NOT NULL THEN
        CALL raise_error('invalid_task', CONCAT(v_field, ' ', v_problem),
                         JSON_OBJECT('errors', JSON_OBJECT(v_field, JSON_ARRAY(v_problem))));
    END IF;
END
