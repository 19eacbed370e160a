CREATE PROCEDURE _raise_form (
    IN p_document JSON,
    IN p_schema   JSON,
    IN p_name     VARCHAR(16)
)
    COMMENT '
Refuse a document that does not have the form of a schema, and name the field.

Parameters
  p_document  what was given
  p_schema    the JSON Schema that it breaks
  p_name      what to call the document where no field of it is to blame

Result
  none

Errors
  invalid_task  always
'
    CONTAINS SQL
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_report  JSON        DEFAULT JSON_SCHEMA_VALIDATION_REPORT(p_schema, p_document);
    DECLARE v_place   TEXT        DEFAULT JSON_UNQUOTE(JSON_EXTRACT(v_report, '$."document-location"'));
    DECLARE v_field   VARCHAR(64) DEFAULT LEFT(SUBSTRING_INDEX(SUBSTRING(v_place, 3), '/', 1), 64);
    DECLARE v_problem VARCHAR(200) DEFAULT JSON_UNQUOTE(JSON_EXTRACT(v_report, '$."schema-failed-keyword"'));

    CASE v_problem
        WHEN 'additionalProperties' THEN
            SELECT MIN(given.field)
              INTO v_field
              FROM JSON_TABLE(JSON_KEYS(p_document), '$[*]' COLUMNS (field VARCHAR(64) PATH '$')) AS given
             WHERE given.field COLLATE utf8mb4_bin NOT IN
                   (SELECT known.field
                      FROM JSON_TABLE(JSON_KEYS(p_schema, '$.properties'), '$[*]'
                                      COLUMNS (field VARCHAR(64) PATH '$')) AS known);
            SET v_problem = 'unknown field';
        WHEN 'required' THEN
            SELECT MIN(needed.field)
              INTO v_field
              FROM JSON_TABLE(p_schema, '$.required[*]' COLUMNS (field VARCHAR(64) PATH '$')) AS needed
             WHERE NOT JSON_CONTAINS_PATH(p_document, 'one', CONCAT('$.', needed.field));
            SET v_problem = 'is required';
        WHEN 'anyOf' THEN
            SET v_problem = 'is neither the id nor the key of a task';
        ELSE
            SET v_problem = CONCAT('breaks the rule ', v_problem);
    END CASE;

    SET v_field = COALESCE(NULLIF(v_field, ''), p_name);
    CALL raise_error('invalid_task', CONCAT(v_field, ' ', v_problem),
                     JSON_OBJECT('errors', JSON_OBJECT(v_field, JSON_ARRAY(v_problem))));
END
