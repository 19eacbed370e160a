CREATE PROCEDURE _find_named (
    IN  p_workspace_id BIGINT UNSIGNED,
    IN  p_place        INT UNSIGNED,
    IN  p_names        JSON,
    OUT p_task_ids     JSON
)
    COMMENT '
Find the tasks that a change names, by their ids or keys.

A key is that of an earlier change of the batch, or else of a task of the workspace
as it then is.

Parameters
  p_workspace_id  the workspace
  p_place         the change
  p_names         an array of ids (numbers) and keys (strings)
  p_task_ids      an array of their ids, each once; NULL for none

Result
  none

Errors
  task_not_found  no task has the key
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_missing VARCHAR(128);
    DECLARE v_is_old  BOOLEAN;   -- one was found among the tasks of the workspace

    SELECT JSON_ARRAYAGG(found_id), MAX(IF(found_id IS NULL, name, NULL)), MAX(is_old)
      INTO p_task_ids, v_missing, v_is_old
      FROM (SELECT COALESCE(given.task_id, change_name.task_id, IF(change_name.place IS NULL, task.id, NULL)) AS found_id,
                   MAX(given.name) AS name, MAX(change_name.place IS NULL AND given.name IS NOT NULL) AS is_old
              FROM (SELECT IF(JSON_TYPE(name) = 'STRING', NULL, CAST(name AS UNSIGNED)) AS task_id,
                           IF(JSON_TYPE(name) = 'STRING', JSON_UNQUOTE(name), NULL) COLLATE utf8mb4_0900_as_cs AS name
                      FROM JSON_TABLE(p_names, '$[*]' COLUMNS (name JSON PATH '$')) AS listed) AS given
              LEFT JOIN change_name ON change_name.name = given.name AND change_name.place < p_place
              LEFT JOIN task ON task.workspace_id = p_workspace_id AND task.task_key = given.name
             GROUP BY found_id) AS named;

    -- In bulk, tasks of later changes are there already.
    IF v_missing IS NULL AND v_is_old THEN
        SELECT MIN(task.task_key)
          INTO v_missing
          FROM JSON_TABLE(p_task_ids, '$[*]' COLUMNS (task_id BIGINT UNSIGNED PATH '$')) AS found
          JOIN change_name ON change_name.task_id = found.task_id
          JOIN task ON task.id = found.task_id
         WHERE change_name.place >= p_place;
    END IF;

    IF v_missing IS NOT NULL THEN
        CALL raise_error('task_not_found', CONCAT('no task has the key ', v_missing), JSON_OBJECT('task', v_missing));
    END IF;
END
