CREATE PROCEDURE _compile_filter (
    IN  p_workspace_id BIGINT UNSIGNED,
    IN  p_actor_id     BIGINT UNSIGNED,
    IN  p_tokens       JSON,
    IN  p_time_zone    VARCHAR(64),
    OUT p_condition    LONGTEXT
)
    COMMENT '
Turn what _read_filter or _read_query has read into a condition on task, node and
tag.

The condition is put together from the pieces below and from numbers that are
counted here. What the caller wrote stands in @headgate_values, which they
point into: no text of a caller becomes a part of a statement.

Parameters
  p_workspace_id  the workspace
  p_actor_id      the user who asks, whom me stands for
  p_tokens        an array of tokens
  p_time_zone     in which days are meant: an offset, or a name that the server knows; NULL for UTC
  p_condition     the condition. Each part of it is true or false, never NULL, so that not gives
                  the rest.

Result
  none

Errors
  invalid_request  a field, comparison or value means nothing; the error says where it stands
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_at      VARCHAR(255);
    DECLARE v_problem VARCHAR(255);

    SET p_time_zone = COALESCE(p_time_zone, '+00:00');

    IF CONVERT_TZ(UTC_TIMESTAMP(), '+00:00', p_time_zone) IS NULL THEN
        CALL raise_error('invalid_request', 'the time zone is neither an offset such as +01:00 nor a name that MySQL knows',
                         JSON_OBJECT('errors', JSON_OBJECT('time_zone', JSON_ARRAY('is not known'))));
    END IF;

    -- Names become ids, words of time become moments, a priority to compare
    -- with becomes the priorities that fit.
    SELECT COALESCE(JSON_ARRAYAGG(token), JSON_ARRAY())
      INTO @headgate_values
      FROM (SELECT JSON_OBJECT('kind', MIN(token.kind), 'at', MIN(token.at), 'field', MIN(token.field),
                               'comparison', MIN(token.comparison), 'values', JSON_ARRAYAGG(resolved),
                               'problem', LEFT(MIN(problem), 255)) AS token
              FROM (SELECT /*+ NO_MERGE(token) */
                           token.*,
                           CASE token.field_kind
                               WHEN 'status'   THEN CAST(JSON_QUOTE(task_status.status) AS JSON)
                               WHEN 'priority' THEN CAST(JSON_QUOTE(task_priority.priority) AS JSON)
                               WHEN 'user'     THEN CAST(CASE WHEN token.name = 'me' THEN p_actor_id
                                                              WHEN token.name = 'none' THEN NULL
                                                              ELSE COALESCE(member.user_id, token.number,
                                                                            _user_of_tasks(p_workspace_id, LEFT(token.word, 64)))
                                                         END AS JSON)
                               WHEN 'team'     THEN CAST(IF(token.name = 'none', NULL, COALESCE(team.team_id, token.number)) AS JSON)
                               WHEN 'task'     THEN CAST(named.id AS JSON)
                               WHEN 'number'   THEN CAST(token.number AS JSON)
                               WHEN 'time'     THEN token.span
                               WHEN 'text'     THEN token.words
                               ELSE CAST(JSON_QUOTE(IF(token.field_kind IN ('state', 'part'), token.name, token.word)) AS JSON)
                           END AS resolved,
                           CASE
                               WHEN token.kind <> 'term' THEN NULL
                               WHEN token.field_kind IS NULL THEN CONCAT(token.field, ' is no field')
                               WHEN token.comparison NOT IN (':', '=')
                                    AND NOT (token.field_kind IN ('time', 'number', 'priority')
                                             AND token.comparison IN ('<', '<=', '>', '>='))
                                    AND NOT (token.field_kind IN ('tag', 'text') AND token.comparison IN ('all', 'none'))
                                   THEN CONCAT(token.field, ' cannot be compared by ', token.comparison)
                               WHEN token.comparison IN ('<', '<=', '>', '>=') AND token.nr > 1
                                   THEN CONCAT(token.comparison, ' takes one value')
                               WHEN token.field_kind = 'text' AND token.word LIKE '%*%_'
                                   THEN 'a * stands only at the end, for words that begin so'
                               WHEN token.field_kind = 'text' AND token.words IS NULL
                                   THEN CONCAT(LEFT(token.word, 100), ' has no word to be found')
                               WHEN CASE token.field_kind
                                        WHEN 'status'   THEN task_status.status IS NULL
                                        WHEN 'priority' THEN wanted.priority IS NULL
                                        WHEN 'user'     THEN token.name NOT IN ('me', 'none')
                                                             AND COALESCE(member.user_id, token.number,
                                                                          _user_of_tasks(p_workspace_id, LEFT(token.word, 64))) IS NULL
                                        WHEN 'team'     THEN token.name <> 'none' AND COALESCE(team.team_id, token.number) IS NULL
                                        WHEN 'task'     THEN named.id IS NULL
                                        WHEN 'number'   THEN token.number IS NULL
                                        WHEN 'time'     THEN token.span IS NULL
                                        WHEN 'state'    THEN token.name NOT IN ('ready', 'blocked', 'open', 'closed', 'overdue')
                                        WHEN 'part'     THEN token.name NOT IN ('dependencies', 'dependents', 'tags', 'due', 'estimate',
                                                                                'assignee', 'team', 'description')
                                        ELSE COALESCE(token.word, '') = ''
                                    END
                                   THEN CONCAT(COALESCE(token.word, 'null'), ' is not a value of ', token.field)
                           END AS problem
                      FROM (SELECT given.place, given.kind, given.at, given.field, given.comparison, given.nr, asked.kind AS field_kind,
                                   COALESCE(given.word, IF(given.nr IS NULL, NULL, 'none')) AS word,
                                   -- A word that is known is known in any case, but not with accents on it.
                                   LOWER(COALESCE(given.word, 'none')) COLLATE utf8mb4_bin AS name,
                                   IF(given.word REGEXP '^#?[0-9]{1,19}$', CAST(REPLACE(given.word, '#', '') AS UNSIGNED), NULL) AS number,
                                   IF(asked.kind = 'time',
                                      IF(given.word LIKE '%..%' AND given.comparison IN (':', '='),
                                         -- From where the first begins to where the second ends; NULL if either is none.
                                         JSON_EXTRACT(JSON_MERGE_PRESERVE(
                                             _time_span(LEFT(SUBSTRING_INDEX(given.word, '..', 1), 64), p_time_zone),
                                             _time_span(LEFT(SUBSTRING(given.word, LOCATE('..', given.word) + 2), 64), p_time_zone)),
                                             '$[0]', '$[3]'),
                                         _time_span(LEFT(NULLIF(given.word, ''), 64), p_time_zone)), NULL) AS span,
                                   IF(asked.kind = 'text', _search_words(given.word), NULL) AS words
                              FROM JSON_TABLE(p_tokens, '$[*]' COLUMNS (
                                       place      FOR ORDINALITY,
                                       kind       VARCHAR(16)  PATH '$.kind',
                                       at         VARCHAR(255) PATH '$.at',
                                       field      VARCHAR(64)  PATH '$.field',
                                       comparison VARCHAR(8)   PATH '$.comparison',
                                       NESTED PATH '$.values[*]' COLUMNS (nr FOR ORDINALITY, word TEXT PATH '$'))) AS given
                              LEFT JOIN task_field AS asked ON asked.field = given.field) AS token
                      LEFT JOIN task_status ON token.field_kind = 'status' AND task_status.status = token.word
                      LEFT JOIN task_priority AS wanted ON token.field_kind = 'priority' AND wanted.priority = token.word
                      LEFT JOIN task_priority
                             ON CASE token.comparison
                                    WHEN '<'  THEN task_priority.sort_order <  wanted.sort_order
                                    WHEN '<=' THEN task_priority.sort_order <= wanted.sort_order
                                    WHEN '>'  THEN task_priority.sort_order >  wanted.sort_order
                                    WHEN '>=' THEN task_priority.sort_order >= wanted.sort_order
                                    ELSE           task_priority.sort_order =  wanted.sort_order
                                END
                      LEFT JOIN (SELECT membership.user_id, app_user.username
                                   FROM membership
                                   JOIN app_user ON app_user.id = membership.user_id
                                  WHERE membership.workspace_id = p_workspace_id) AS member
                             ON token.field_kind = 'user' AND member.username = token.word
                      LEFT JOIN (SELECT team_role.team_id, team.name
                                   FROM team_role
                                   JOIN team ON team.id = team_role.team_id
                                  WHERE team_role.workspace_id = p_workspace_id) AS team
                             ON token.field_kind = 'team' AND team.name = token.word
                      LEFT JOIN task AS named
                             ON token.field_kind = 'task' AND named.workspace_id = p_workspace_id
                            AND named.id = COALESCE(token.number,
                                                    (SELECT id
                                                       FROM task
                                                      WHERE workspace_id = p_workspace_id
                                                        AND task_key = token.word COLLATE utf8mb4_0900_as_cs))
                   ) AS token
             GROUP BY place
             ORDER BY place
             LIMIT 5000) AS token;

    IF JSON_SEARCH(@headgate_values, 'one', '%', NULL, '$[*].problem') IS NOT NULL THEN
        SELECT at, problem
          INTO v_at, v_problem
          FROM JSON_TABLE(@headgate_values, '$[*]' COLUMNS (
                   place FOR ORDINALITY, at VARCHAR(255) PATH '$.at', problem VARCHAR(255) PATH '$.problem')) AS token
         WHERE problem IS NOT NULL
         ORDER BY place
         LIMIT 1;

        CALL raise_error('invalid_request', CONCAT(IF(v_at LIKE '$%', 'filter: ', 'character '), v_at, ': ', v_problem),
                         JSON_OBJECT('at', CAST(IF(v_at LIKE '$%', JSON_QUOTE(v_at), v_at) AS JSON),
                                     'errors', JSON_OBJECT(IF(v_at LIKE '$%', 'filter', 'query'), JSON_ARRAY(v_problem))));
    END IF;

    -- What is compared with many rows stands in a variable of its own.
    IF JSON_CONTAINS_PATH(@headgate_values, 'one', '$[*].values[*].words') THEN
        SELECT /*+ SET_VAR(group_concat_max_len = 4194304) */
               CONCAT('SET ', GROUP_CONCAT(CONCAT(_word_variable(path, nr - 1), ' = JSON_VALUE(@headgate_values, ''', path, '.words[',
                                                  nr - 1, ']'' RETURNING CHAR(64))',
                                                  IF(nr = 1, CONCAT(', ', _word_variable(path, NULL),
                                                                    ' = COALESCE(JSON_VALUE(@headgate_values, ''', path,
                                                                    '.phrase'' RETURNING CHAR(16000)), '''')'), ''))))
          INTO @headgate_statement
          FROM (SELECT CONCAT('$[', place - 1, '].values[', value - 1, ']') AS path, nr
                  FROM JSON_TABLE(@headgate_values, '$[*]' COLUMNS (
                           place FOR ORDINALITY,
                           field VARCHAR(64) PATH '$.field',
                           NESTED PATH '$.values[*]' COLUMNS (
                               value FOR ORDINALITY,
                               NESTED PATH '$.words[*]' COLUMNS (nr FOR ORDINALITY)))) AS given
                 WHERE field = 'text' AND nr IS NOT NULL) AS word;

        PREPARE words_of_search FROM @headgate_statement;
        EXECUTE words_of_search;
        DEALLOCATE PREPARE words_of_search;
    END IF;

    SELECT /*+ SET_VAR(group_concat_max_len = 4194304) */
           GROUP_CONCAT(fragment ORDER BY place SEPARATOR ' ')
      INTO p_condition
      FROM (SELECT place,
                   CASE
                       WHEN kind <> 'term'     THEN ELT(FIELD(kind, 'and', 'or', 'not', '(', ')'), 'AND', 'OR', 'NOT', '(', ')')
                       WHEN comparison = 'all' THEN CONCAT('(', GROUP_CONCAT(fragment SEPARATOR ' AND '), ')')
                       ELSE CONCAT(IF(comparison = 'none', 'NOT (', '('), GROUP_CONCAT(fragment SEPARATOR ' OR '), ')')
                   END AS fragment
              FROM (SELECT place, kind, comparison,
                           IF(kind = 'term',
                              IF(field = 'text',
                                 CONCAT('(', _text_fragment(CONCAT('$[', place - 1, '].values[', nr - 1, ']'), JSON_LENGTH(words),
                                                            is_prefix, form), ')'),
                                 _filter_fragment(field, comparison, value, CONCAT('$[', place - 1, '].values[', nr - 1, ']'),
                                                  JSON_TYPE(since) <> 'NULL', JSON_TYPE(until) <> 'NULL')), NULL) AS fragment
                      FROM JSON_TABLE(@headgate_values, '$[*]' COLUMNS (
                               place      FOR ORDINALITY,
                               kind       VARCHAR(16) PATH '$.kind',
                               field      VARCHAR(64) PATH '$.field',
                               comparison VARCHAR(8)  PATH '$.comparison',
                               NESTED PATH '$.values[*]' COLUMNS (
                                   nr    FOR ORDINALITY,
                                   value VARCHAR(64) PATH '$',
                                   since     JSON    PATH '$[0]',
                                   until     JSON    PATH '$[1]',
                                   words     JSON    PATH '$.words',
                                   is_prefix BOOLEAN PATH '$.prefix',
                                   form      VARCHAR(8) PATH '$.form'))) AS given) AS term
             GROUP BY place, kind, comparison) AS token;
END
