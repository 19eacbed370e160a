CREATE PROCEDURE list_redundant_dependencies (
    IN p_actor_id     BIGINT UNSIGNED,
    IN p_workspace_id BIGINT UNSIGNED,
    IN p_skip         INT UNSIGNED,
    IN p_limit        INT UNSIGNED
)
    COMMENT '
List the dependencies that follow from others: without them, every task waits for the same tasks.

If ship waits for build, build for design, and ship for design too, then the last of the
three says nothing new. All that are listed can be removed together. Cancelled tasks are left
out: nobody waits for what is behind them. The whole graph is looked at for each page, so
one large page is cheaper than many small ones.

Parameters
  p_actor_id      the user who asks; NULL for the one that the SQL login is bound to
  p_workspace_id  the workspace; NULL for the personal one of the actor
  p_skip          how many rows to leave out; NULL for none
  p_limit         how many rows at most; NULL for all

Result
  rows ordered by task_id, then by depends_on_id: task_id, task_title, depends_on_id,
  depends_on_title, via_id, via_title (another prerequisite of the task, which waits for the same)

Errors
  actor_not_allowed    the login may not ask for that user
  actor_required       the login may ask for any user and named none
  permission_denied    the role of the actor does not allow reading
  workspace_not_found  there is no such workspace for the actor

Example
  CALL list_redundant_dependencies(NULL, NULL, 0, 50);

Source
  A. V. Aho, M. R. Garey and J. D. Ullman, "The transitive reduction of a directed graph",
  SIAM J. Comput. 1 (1972)
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_size   INT UNSIGNED DEFAULT 4088;
    DECLARE v_place  INT UNSIGNED DEFAULT 0;
    DECLARE v_places INT UNSIGNED;

    CALL _find_workspace(p_actor_id, p_workspace_id);
    SET p_skip = COALESCE(p_skip, 0), p_limit = COALESCE(p_limit, 4294967295);

    CALL _open_shortcuts(p_workspace_id);

    SELECT COALESCE(MAX(place) + 1, 0) INTO v_places FROM shortcut;

    WHILE v_place < v_places DO
        CALL _mark_reaching(v_place, v_size);

        INSERT INTO redundant_edge (task_id, depends_on_id, via_id)
        SELECT task_id, depends_on_id, via_id
          FROM (SELECT shortcut.task_id, shortcut.depends_on_id,
                       (SELECT /*+ JOIN_FIXED_ORDER() */ edge.depends_on_id
                          FROM standing_edge AS edge
                          JOIN reaching_task AS via ON via.task_id = edge.depends_on_id
                         WHERE edge.task_id = shortcut.task_id AND edge.depends_on_rank > shortcut.depends_on_rank
                           AND ORD(SUBSTR(via.places, (shortcut.place - v_place) DIV 8 + 1, 1)) & 1 << (shortcut.place - v_place) MOD 8
                         LIMIT 1) AS via_id
                  FROM shortcut
                 WHERE shortcut.place BETWEEN v_place AND v_place + v_size - 1) AS judged
         WHERE via_id IS NOT NULL;

        SET v_place = v_place + v_size;
    END WHILE;

    SELECT /*+ JOIN_FIXED_ORDER() */
           page.task_id, task.title AS task_title, page.depends_on_id, prerequisite.title AS depends_on_title,
           page.via_id, via.title AS via_title
      FROM (SELECT task_id, depends_on_id, via_id
              FROM redundant_edge
             ORDER BY task_id, depends_on_id
             LIMIT p_limit OFFSET p_skip) AS page
      LEFT JOIN task ON task.id = page.task_id
      LEFT JOIN task AS prerequisite ON prerequisite.id = page.depends_on_id
      LEFT JOIN task AS via ON via.id = page.via_id
     ORDER BY page.task_id, page.depends_on_id;

    CALL _close_shortcuts();
END
