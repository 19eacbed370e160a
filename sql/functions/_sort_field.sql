CREATE FUNCTION _sort_field (
    p_sort VARCHAR(64)
)
    RETURNS VARCHAR(16) CHARSET utf8mb4
    COMMENT '
Say by what an order sorts tasks.

Parameters
  p_sort  as for list_tasks; created_at stands for created, and so on

Result
  id, task_id, relevance, title, priority, estimate, created, updated, started, completed or
  due; NULL if tasks are not sorted by that
'
    DETERMINISTIC
    NO SQL
    SQL SECURITY DEFINER
BEGIN
    -- Exact: to the usual collation títle is title.
    DECLARE v_field VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
                    DEFAULT REGEXP_REPLACE(LOWER(p_sort), '^-|(?<=created|updated|started|completed|due)_at$', '');

    -- What says least of the words that are looked for is of no use to anybody.
    RETURN IF(v_field IN ('id', 'task_id', 'title', 'priority', 'estimate', 'created', 'updated', 'started', 'completed', 'due')
              OR v_field = 'relevance' AND p_sort NOT LIKE '-%', v_field, NULL);
END
