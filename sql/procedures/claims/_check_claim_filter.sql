CREATE PROCEDURE _check_claim_filter (
    IN p_filter JSON
)
    COMMENT '
Refuse a filter that claim_next_task does not understand.

Parameters
  p_filter  as for claim_next_task

Result
  none

Errors
  invalid_request  a field is unknown, of a wrong type, or names no priority
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    IF NOT JSON_SCHEMA_VALID('{"type": "object", "additionalProperties": false, "properties": {
                                  "min_priority": {"type": "string", "maxLength": 16},
                                  "assignee": {"enum": ["available", "mine", "unassigned", "any"]},
                                  "tags": {"type": "array", "maxItems": 50,
                                           "items": {"type": "string", "maxLength": 64}}}}',
                             p_filter) THEN
        CALL raise_error('invalid_request', 'the filter takes min_priority, assignee and tags',
                         JSON_OBJECT('errors', JSON_OBJECT('filter', JSON_ARRAY('unknown field or wrong type'))));
    END IF;

    IF JSON_CONTAINS_PATH(p_filter, 'one', '$.min_priority')
       AND NOT EXISTS (SELECT 1 FROM task_priority
                        WHERE BINARY priority = BINARY JSON_UNQUOTE(JSON_EXTRACT(p_filter, '$.min_priority'))) THEN
        CALL raise_error('invalid_request', 'there is no such priority',
                         JSON_OBJECT('errors', JSON_OBJECT('min_priority', JSON_ARRAY('no such priority'))));
    END IF;
END
