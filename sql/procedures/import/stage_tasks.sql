CREATE PROCEDURE stage_tasks (
    IN p_rows JSON
)
    COMMENT '
Stage some lines of an import; call it as often as there are lines left.

Only for the service, which has checked the form of each line.

Parameters
  p_rows  an array of objects: line (its number), key, title, description, status,
          priority, tags (an array of names), depends_on (an array of keys),
          estimate_minutes, due_at, assignee (a user name), team (the name of a team)

Result
  none

Errors
  import_not_begun  begin_import was not called on this connection

Example
  CALL stage_tasks(JSON_ARRAY(JSON_OBJECT("line", 1, "key", "a", "title", "Begin")));
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE EXIT HANDLER FOR 1146
        CALL raise_error('import_not_begun', 'begin_import comes first', NULL);

    INSERT INTO staged_task (line, task_key, title, description, status, priority, estimate_minutes, due_at, assignee, team)
    SELECT line, task_key, title, COALESCE(description, ''), COALESCE(status, 'pending'), COALESCE(priority, 'medium'),
           estimate_minutes, due_at, assignee, team
      FROM JSON_TABLE(p_rows, '$[*]' COLUMNS (
               line             BIGINT UNSIGNED PATH '$.line',
               task_key         VARCHAR(128)    PATH '$.key',
               title            VARCHAR(200)    PATH '$.title',
               description      TEXT            PATH '$.description',
               status           VARCHAR(64)     PATH '$.status',
               priority         VARCHAR(64)     PATH '$.priority',
               estimate_minutes INT UNSIGNED    PATH '$.estimate_minutes',
               due_at           DATETIME        PATH '$.due_at',
               assignee         VARCHAR(64)     PATH '$.assignee',
               team             VARCHAR(64)     PATH '$.team')) AS given;

    INSERT IGNORE INTO staged_tag (line, name)
    SELECT line, name
      FROM JSON_TABLE(p_rows, '$[*]' COLUMNS (
               line BIGINT UNSIGNED PATH '$.line',
               NESTED PATH '$.tags[*]' COLUMNS (name VARCHAR(64) PATH '$'))) AS given
     WHERE name IS NOT NULL;

    -- Texts that differ may be the same key: an accent can be spelt in two ways.
    INSERT INTO staged_dependency (line, depends_on_key)
    SELECT DISTINCT line, depends_on_key
      FROM JSON_TABLE(p_rows, '$[*]' COLUMNS (
               line BIGINT UNSIGNED PATH '$.line',
               NESTED PATH '$.depends_on[*]' COLUMNS (
                   depends_on_key VARCHAR(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_as_cs PATH '$'))) AS given
     WHERE depends_on_key IS NOT NULL;
END
