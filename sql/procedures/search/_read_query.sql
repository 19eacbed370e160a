CREATE PROCEDURE _read_query (
    IN  p_query  TEXT,
    OUT p_tokens JSON,
    OUT p_sort   VARCHAR(64)
)
    COMMENT '
Read a query as people type it.

status:pending (tag:urgent or due<2026-12-01) "quarterly report" sort:-priority: terms side by side must all hold; or, parentheses, and - or not before a term as
usual. A term is a field (a row of task_field), a comparison and values, or words
to be found. Commas stand between values of which one must hold; quotes around a
value that holds blanks, commas or parentheses.

Parameters
  p_query   the line, of at most 1,000 characters
  p_tokens  an array of objects: kind ((, ), and, or, not, term), at (where it
            stands), and of terms field, comparison (: = < <= > >=) and values
  p_sort    what stands after sort:, or NULL

Result
  none

Errors
  invalid_request  the line cannot be read; the error says at which character
'
    CONTAINS SQL
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_value   VARCHAR(64)  DEFAULT '(?:"(?:[^"\\\\]|\\\\["\\\\])*"|[^\\s()",\\\\]+)';
    DECLARE v_values  VARCHAR(255) DEFAULT CONCAT(v_value, '(?:,', v_value, ')*');
    DECLARE v_term    VARCHAR(512) DEFAULT CONCAT('[A-Za-z][A-Za-z_-]*(?:<=|>=|[:<>=])', v_values);
    DECLARE v_pattern TEXT         DEFAULT CONCAT('[()]|-(?=[^\\s])|', v_term, '(?![^\\s()])|', v_value, '|\\S');
    -- Compared exactly: otherwise an accent or the width of a letter would make no difference, and ör be or.
    DECLARE v_line    TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
                                   DEFAULT REGEXP_REPLACE(COALESCE(p_query, ''), '[[:cntrl:]]', ' ');
    DECLARE v_words   JSON;
    DECLARE v_at      INT;
    DECLARE v_problem VARCHAR(200);

    IF CHAR_LENGTH(v_line) > 1000 THEN
        CALL raise_error('invalid_request', 'a query has at most 1,000 characters',
                         JSON_OBJECT('errors', JSON_OBJECT('query', JSON_ARRAY('longer than 1,000 characters'))));
    END IF;

    SELECT /*+ SET_VAR(cte_max_recursion_depth = 2000) */
           JSON_ARRAYAGG(JSON_OBJECT('at', at, 'kind', kind, 'word', word)), MAX(IF(kind = 'sort', SUBSTRING(word, 6, 64), NULL))
      INTO v_words, p_sort
      FROM (WITH RECURSIVE found (place, at, word) AS (
                SELECT 1, REGEXP_INSTR(v_line, v_pattern, 1, 1, 0, 'c'), REGEXP_SUBSTR(v_line, v_pattern, 1, 1, 'c')
                 UNION ALL
                SELECT place + 1, REGEXP_INSTR(v_line, v_pattern, 1, place + 1, 0, 'c'),
                       REGEXP_SUBSTR(v_line, v_pattern, 1, place + 1, 'c')
                  FROM found
                 WHERE at > 0)
            SELECT at, word,
                   CASE
                       WHEN word IN ('(', ')')                                             THEN word
                       WHEN LOWER(word) IN ('and', 'or', 'not')                            THEN LOWER(word)
                       WHEN word = '-'                                                     THEN 'not'
                       WHEN LOWER(word) LIKE 'sort:_%'
                           THEN IF(_sort_field(SUBSTRING(word, 6, 64)) IS NULL, 'no order', 'sort')
                       WHEN REGEXP_LIKE(word, CONCAT('^', v_term, '$'), 'c')               THEN 'term'
                       WHEN word LIKE '"%"' OR REGEXP_LIKE(word, '^[^":<>=\\\\,]+$')       THEN 'text'
                       ELSE 'unreadable'
                   END AS kind
              FROM found
             WHERE at > 0
             ORDER BY place
             LIMIT 1000) AS word;

    -- The first place at which the line cannot go on as it does.
    SELECT at, LEFT(problem, 200)
      INTO v_at, v_problem
      FROM (SELECT at,
                   CASE
                       WHEN kind = 'unreadable' AND word = '"' THEN 'the quote is never closed'
                       WHEN kind = 'unreadable' THEN CONCAT(word, ' cannot be read; put quotes around words to be found')
                       WHEN kind IN ('and', 'or', ')') AND COALESCE(before_it, '(') IN ('(', 'and', 'or', 'not')
                           THEN CONCAT('a term is missing before ', word)
                       WHEN kind = 'no order' THEN CONCAT('tasks are not sorted by ', SUBSTRING(word, 6))
                       WHEN depth < 0 THEN 'there is no ( to this )'
                       WHEN after_it IS NULL AND kind IN ('(', 'and', 'or', 'not') THEN CONCAT('a term is missing after ', word)
                       WHEN after_it IS NULL AND depth > 0 THEN CONCAT('a ) is missing after ', word)
                   END AS problem
              FROM (SELECT at, kind, word, LAG(kind) OVER in_order AS before_it, LEAD(kind) OVER in_order AS after_it,
                           SUM((kind = '(') - (kind = ')')) OVER in_order AS depth
                      FROM JSON_TABLE(v_words, '$[*]' COLUMNS (
                               at   INT         PATH '$.at',
                               kind VARCHAR(16) PATH '$.kind',
                               word TEXT        PATH '$.word')) AS word
                     WHERE kind <> 'sort'
                    WINDOW in_order AS (ORDER BY at)) AS sequence) AS judged
     WHERE problem IS NOT NULL
     ORDER BY at
     LIMIT 1;

    IF v_problem IS NOT NULL THEN
        CALL raise_error('invalid_request', CONCAT('character ', v_at, ': ', v_problem),
                         JSON_OBJECT('at', v_at, 'errors', JSON_OBJECT('query', JSON_ARRAY(v_problem))));
    END IF;

    -- What stands side by side gets its and; values become an array.
    SELECT JSON_EXTRACT(JSON_ARRAYAGG(tokens), '$[*][*]')
      INTO p_tokens
      FROM (SELECT JSON_MERGE_PRESERVE(
                       IF(kind IN ('(', 'not', 'term', 'text') AND before_it IN (')', 'term', 'text'),
                          JSON_ARRAY(JSON_OBJECT('kind', 'and', 'at', at)), JSON_ARRAY()),
                       CASE kind
                           WHEN 'text' THEN
                               JSON_OBJECT('kind', 'term', 'at', at, 'field', 'text', 'comparison', ':',
                                           'values', CAST(CONCAT('[', REGEXP_REPLACE(word, '^[^"].*$', '"$0"'), ']') AS JSON))
                           WHEN 'term' THEN
                               JSON_OBJECT('kind', 'term', 'at', at,
                                           'field', LEFT(REPLACE(LOWER(REGEXP_SUBSTR(word, '^[A-Za-z_-]+', 1, 1, 'c')), '-', '_'), 64),
                                           'comparison', LEFT(REGEXP_SUBSTR(word, '[:<>=]+'), 8),
                                           'values', CAST(CONCAT('[',
                                               REGEXP_REPLACE(REGEXP_REPLACE(word, '^[A-Za-z_-]+[:<>=]+', '', 1, 1, 'c'),
                                                              '"((?:[^"\\\\]|\\\\["\\\\])*)"|([^",]+)', '"$1$2"'), ']') AS JSON))
                           ELSE JSON_OBJECT('kind', kind, 'at', at)
                       END) AS tokens
              FROM (SELECT at, kind, word, LAG(kind) OVER (ORDER BY at) AS before_it
                      FROM JSON_TABLE(v_words, '$[*]' COLUMNS (
                               at   INT         PATH '$.at',
                               kind VARCHAR(16) PATH '$.kind',
                               word TEXT        PATH '$.word')) AS word
                     WHERE kind <> 'sort') AS word
             ORDER BY at
             LIMIT 1000) AS token;
END
