CREATE FUNCTION _task_schema ()
    RETURNS JSON
    COMMENT '
Say what an object that describes a task may hold.

Result
  a JSON Schema (draft 4), for JSON_SCHEMA_VALID
'
    DETERMINISTIC
    NO SQL
    SQL SECURITY DEFINER
RETURN '{
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
}'
