CREATE PROCEDURE suggest_tags (
    IN p_actor_id     BIGINT UNSIGNED,
    IN p_workspace_id BIGINT UNSIGNED,
    IN p_title        VARCHAR(200),
    IN p_description  TEXT,
    IN p_limit        INT UNSIGNED
)
    COMMENT '
Suggest tags for a new task: those of tasks that share its rare words.

Parameters
  p_actor_id      the user who asks; NULL for the one that the SQL login is bound to
  p_workspace_id  the workspace; NULL for the personal one of the actor
  p_title         the title of the new task
  p_description   its description, of which the first 2,000 characters count; NULL for none
  p_limit         how many rows at most; NULL for 10

Result
  one row per tag: tag, score (from 0 to 1: how much of what makes them similar the tasks with
  it have among the hundred most similar ones), tasks (how many of these have it); highest
  score first

Errors
  actor_not_allowed    the login may not ask for that user
  actor_required       the login may ask for any user and named none
  permission_denied    the role of the actor does not allow reading
  workspace_not_found  there is no such workspace for the actor

Example
  CALL suggest_tags(NULL, NULL, "Paint the shop walls", NULL, 5);
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_similar JSON;

    CALL _find_workspace(p_actor_id, p_workspace_id);
    CALL _rank_similar(p_workspace_id, p_title, p_description, v_similar);
    SET p_limit = COALESCE(p_limit, 10);

    WITH likeness AS (
        SELECT task_id, score
          FROM JSON_TABLE(v_similar, '$[*]' COLUMNS (
                   task_id BIGINT UNSIGNED PATH '$[0]', score DECIMAL(4, 3) PATH '$[1]')) AS listed
    )
    -- Two that are half as similar say less than one that is the same.
    SELECT tag.name AS tag, ROUND(SUM(POW(likeness.score, 2)) / (SELECT SUM(POW(score, 2)) FROM likeness AS each_one), 3) AS score,
           COUNT(*) AS tasks
      FROM likeness
      JOIN tag ON tag.workspace_id = p_workspace_id AND tag.task_id = likeness.task_id
     GROUP BY tag.name
     ORDER BY score DESC, tag.name
     LIMIT p_limit;
END
