CREATE PROCEDURE _read_filter (
    IN  p_filter JSON,
    OUT p_tokens JSON
)
    COMMENT '
Read a filter as programs write it.

{"status": ["pending"], "or": [{"tag": "urgent"}, {"due": {"before": "2026-12-01"}}]}: the members of an object must all hold. Next to fields there are and, or (arrays
of objects) and not (an object). A field takes a value or an array of values, of
which one must hold, or an object of comparisons, which must all hold: before,
after, from, to, in, any, all, none. ready, blocked, open, closed and overdue
take true or false.

Parameters
  p_filter  the object, of at most 20,000 bytes; NULL for all tasks
  p_tokens  as for _read_query; at is the path of the member

Result
  none

Errors
  invalid_request  the object cannot be read; the error says at which path
'
    CONTAINS SQL
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_nodes   JSON;
    DECLARE v_at      VARCHAR(255) DEFAULT '$';
    -- Its nodes are kept in JSON of our own, and MySQL nests no more than a hundred levels.
    DECLARE v_problem VARCHAR(200) DEFAULT CASE
                                               WHEN LENGTH(p_filter) > 20000  THEN 'is longer than 20,000 bytes'
                                               WHEN JSON_DEPTH(p_filter) > 90 THEN 'is nested too deep'
                                           END;

    -- Each member, by a place that sorts as the filter is read. Names are compared exactly, but for
    -- their case: to the usual collation nöt is not.
    IF v_problem IS NULL THEN
        SELECT /*+ SET_VAR(cte_max_recursion_depth = 100) */
               JSON_ARRAYAGG(JSON_OBJECT('place', place, 'at', at, 'joint', joint, 'kind', kind, 'field', field, 'value', value))
          INTO v_nodes
          FROM (WITH RECURSIVE node (place, at, joint, kind, field, value) AS (
                    SELECT CAST('' AS CHAR(200)), CAST('$' AS CHAR(255)), CAST(NULL AS CHAR(3)), CAST('object' AS CHAR(16)),
                           CAST(NULL AS CHAR(64)), COALESCE(p_filter, JSON_OBJECT())
                     UNION ALL
                    SELECT CONCAT(node.place, LPAD(member.nr, 4, '0')), LEFT(CONCAT(node.at, '.', member.name), 255),
                           IF(member.nr > 1, 'and', NULL),
                           CASE
                               WHEN LOWER(member.name) COLLATE utf8mb4_bin IN ('and', 'or', 'not') THEN LOWER(member.name)
                               WHEN REGEXP_LIKE(member.name, '^[A-Za-z_]{1,32}$', 'c')              THEN 'field'
                               ELSE 'unknown'
                           END,
                           LOWER(LEFT(member.name, 64)),
                           IF(REGEXP_LIKE(member.name, '^[A-Za-z_]{1,32}$', 'c'), JSON_EXTRACT(node.value, CONCAT('$.', member.name)), NULL)
                      FROM node
                      JOIN JSON_TABLE(IF(node.kind = 'object' AND JSON_TYPE(node.value) = 'OBJECT', JSON_KEYS(node.value), '[]'),
                                      '$[*]' COLUMNS (nr FOR ORDINALITY, name VARCHAR(255) PATH '$')) AS member
                     WHERE CHAR_LENGTH(node.place) < 160
                     UNION ALL
                    SELECT CONCAT(node.place, LPAD(element.nr, 4, '0')), LEFT(CONCAT(node.at, '[', element.nr - 1, ']'), 255),
                           IF(element.nr > 1, node.kind, NULL), 'object', NULL, element.value
                      FROM node
                      JOIN JSON_TABLE(IF(node.kind IN ('and', 'or'), node.value, '[]'),
                                      '$[*]' COLUMNS (nr FOR ORDINALITY, value JSON PATH '$')) AS element
                     UNION ALL
                    SELECT CONCAT(node.place, '0001'), node.at, NULL, 'object', NULL, node.value FROM node WHERE node.kind = 'not'
                     UNION ALL
                    SELECT CONCAT(node.place, LPAD(comparison.nr, 4, '0')), LEFT(CONCAT(node.at, '.', comparison.name), 255),
                           IF(comparison.nr > 1, 'and', NULL),
                           IF(LOWER(comparison.name) COLLATE utf8mb4_bin
                                  IN ('before', 'after', 'from', 'to', 'in', 'any', 'all', 'none'),
                              LOWER(comparison.name), 'unknown'),
                           node.field,
                           IF(REGEXP_LIKE(comparison.name, '^[A-Za-z]+$', 'c'),
                              JSON_EXTRACT(node.value, CONCAT('$.', comparison.name)), NULL)
                      FROM node
                      JOIN JSON_TABLE(IF(node.kind = 'field' AND JSON_TYPE(node.value) = 'OBJECT', JSON_KEYS(node.value), '[]'),
                                      '$[*]' COLUMNS (nr FOR ORDINALITY, name VARCHAR(255) PATH '$')) AS comparison)
                SELECT * FROM node ORDER BY place LIMIT 1000) AS node;

        SELECT at, problem
          INTO v_at, v_problem
          FROM (SELECT place, at,
                       CASE
                           WHEN kind = 'unknown' THEN 'is no field or comparison'
                           WHEN kind = 'object' AND type <> 'OBJECT' THEN 'must be an object'
                           WHEN kind = 'object' AND size = 0 AND place <> '' OR kind = 'field' AND type = 'OBJECT' AND size = 0
                               THEN 'says nothing'
                           WHEN CHAR_LENGTH(place) >= 160 THEN 'is too deep inside'
                           WHEN kind IN ('and', 'or') AND (type <> 'ARRAY' OR size = 0) THEN 'must be an array of objects'
                           WHEN field IN ('ready', 'blocked', 'open', 'closed', 'overdue') AND type <> 'BOOLEAN'
                               THEN 'must be true or false'
                           WHEN kind IN ('in', 'any', 'all', 'none', 'field') AND (type = 'ARRAY' AND (size = 0 OR JSON_DEPTH(value) > 2)
                                                                                   OR type = 'OBJECT' AND kind <> 'field')
                               OR kind IN ('before', 'after', 'from', 'to') AND type IN ('ARRAY', 'OBJECT')
                               THEN 'must be a value, or an array of values where one or all may hold'
                           WHEN position >= 1000 THEN 'is one too many'
                       END AS problem
                  FROM (SELECT given.*, COALESCE(JSON_TYPE(value), 'NULL') AS type, JSON_LENGTH(value) AS size
                          FROM JSON_TABLE(v_nodes, '$[*]' COLUMNS (
                                   position FOR ORDINALITY,
                                   place VARCHAR(200) PATH '$.place',
                                   at    VARCHAR(255) PATH '$.at',
                                   kind  VARCHAR(16)  PATH '$.kind',
                                   field VARCHAR(64)  PATH '$.field',
                                   value JSON         PATH '$.value')) AS given) AS node) AS judged
         WHERE problem IS NOT NULL
         ORDER BY place
         LIMIT 1;
    END IF;

    IF v_problem IS NOT NULL THEN
        CALL raise_error('invalid_request', CONCAT('filter: ', v_at, ' ', v_problem),
                         JSON_OBJECT('at', v_at, 'errors', JSON_OBJECT('filter', JSON_ARRAY(CONCAT(v_at, ' ', v_problem)))));
    END IF;

    -- What is said in one step there are up to four of here: the joint before it,
    -- a not, and a term or a pair of parentheses. The blank sorts before the
    -- digits of the members inside, the ~ after them.
    SELECT JSON_ARRAYAGG(token)
      INTO p_tokens
      FROM (SELECT CASE part.kind
                       WHEN 'joint' THEN JSON_OBJECT('kind', node.joint, 'at', node.at)
                       WHEN 'not'   THEN JSON_OBJECT('kind', 'not', 'at', node.at)
                       WHEN 'term'  THEN JSON_OBJECT(
                           'kind', 'term', 'at', node.at,
                           'field', CASE WHEN is_state THEN 'is' WHEN node.field = 'tags' THEN 'tag' ELSE node.field END,
                           'comparison', CASE node.kind
                                             WHEN 'before' THEN '<' WHEN 'after' THEN '>' WHEN 'from' THEN '>=' WHEN 'to' THEN '<='
                                             WHEN 'all' THEN 'all' WHEN 'none' THEN 'none' ELSE ':'
                                         END,
                           'values', CASE WHEN is_state THEN JSON_ARRAY(node.field)
                                          WHEN JSON_TYPE(node.value) = 'ARRAY' THEN node.value
                                          ELSE JSON_ARRAY(node.value) END)
                       ELSE JSON_OBJECT('kind', part.kind, 'at', node.at)
                   END AS token
              FROM (SELECT given.*,
                           kind IN ('object', 'and', 'or', 'not') 
                           OR kind = 'field' AND COALESCE(JSON_TYPE(value) = 'OBJECT', FALSE) AS is_group,
                           COALESCE(field IN ('ready', 'blocked', 'open', 'closed', 'overdue'), FALSE) AS is_state
                      FROM JSON_TABLE(v_nodes, '$[*]' COLUMNS (
                               place VARCHAR(200) PATH '$.place',
                               at    VARCHAR(255) PATH '$.at',
                               joint VARCHAR(3)   PATH '$.joint',
                               kind  VARCHAR(16)  PATH '$.kind',
                               field VARCHAR(64)  PATH '$.field',
                               value JSON         PATH '$.value')) AS given
                     WHERE place <> '') AS node
              JOIN (SELECT 'joint' AS kind, ' 1' AS place UNION ALL SELECT 'not', ' 2' UNION ALL SELECT 'term', ' 3'
                     UNION ALL SELECT '(', ' 4' UNION ALL SELECT ')', '~') AS part
             WHERE CASE part.kind
                       WHEN 'joint' THEN node.joint IS NOT NULL
                       WHEN 'not'   THEN node.kind = 'not' OR is_state AND CAST(node.value AS CHAR) = 'false'
                       WHEN 'term'  THEN NOT is_group
                       ELSE is_group
                   END
             ORDER BY BINARY CONCAT(node.place, part.place)
             LIMIT 5000) AS token;
END
