CREATE PROCEDURE find_similar_tasks (
    IN p_actor_id     BIGINT UNSIGNED,
    IN p_workspace_id BIGINT UNSIGNED,
    IN p_title        VARCHAR(200),
    IN p_description  TEXT,
    IN p_limit        INT UNSIGNED
)
    COMMENT '
List the tasks that a new one may repeat: those that share its rare words.

Parameters
  p_actor_id      the user who asks; NULL for the one that the SQL login is bound to
  p_workspace_id  the workspace; NULL for the personal one of the actor
  p_title         the title of the new task
  p_description   its description, of which the first 2,000 characters count; NULL for none
  p_limit         how many rows at most; NULL for 10, and no more than 100

Result
  one row per task: task_id, title, status, priority, score (from 0 to 1: how much of what its rare
  words say; 1 has them all); highest score first, then the newest

Errors
  actor_not_allowed    the login may not ask for that user
  actor_required       the login may ask for any user and named none
  permission_denied    the role of the actor does not allow reading
  workspace_not_found  there is no such workspace for the actor

Example
  CALL find_similar_tasks(NULL, NULL, "Paint the shop walls", NULL, 5);
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_similar JSON;

    CALL _find_workspace(p_actor_id, p_workspace_id);
    CALL _rank_similar(p_workspace_id, p_title, p_description, v_similar);
    SET p_limit = LEAST(COALESCE(p_limit, 10), 100);

    SELECT task.id AS task_id, task.title, task.status, task.priority, likeness.score
      FROM JSON_TABLE(v_similar, '$[*]' COLUMNS (
               task_id BIGINT UNSIGNED PATH '$[0]', score DECIMAL(4, 3) PATH '$[1]')) AS likeness
      JOIN task ON task.id = likeness.task_id
     WHERE task.workspace_id = p_workspace_id
     ORDER BY likeness.score DESC, task.id DESC
     LIMIT p_limit;
END
