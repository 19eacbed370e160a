CREATE PROCEDURE _include_searches (
    IN    p_workspace_id BIGINT UNSIGNED,
    IN    p_actor_id     BIGINT UNSIGNED,
    INOUT p_tokens       JSON,
    INOUT p_sort         VARCHAR(64)
)
    COMMENT '
Put what saved searches say in the place of the terms that name them.

So the rest is as if it had been typed. A saved search that names another one is
refused: what is saved does not change by what somebody else saves.

Parameters
  p_workspace_id  the workspace
  p_actor_id      the user who asks, whose own searches come before shared ones of the same name
  p_tokens        as _read_query and _read_filter give them
  p_sort          an order, or NULL for that of the search, if nothing but one is asked for

Result
  none

Errors
  invalid_request  there is no such search, or too many are named
  search_invalid   what was saved cannot be read any more
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_place    INT;
    DECLARE v_value    INT;
    DECLARE v_term     JSON;
    DECLARE v_word     VARCHAR(64);
    DECLARE v_at       JSON;
    DECLARE v_name     VARCHAR(64);
    DECLARE v_query    TEXT;
    DECLARE v_filter   JSON;
    DECLARE v_tokens   JSON;
    DECLARE v_typed    JSON;
    DECLARE v_part     JSON;
    DECLARE v_sort     VARCHAR(64);
    DECLARE v_message  TEXT;
    DECLARE v_is_alone BOOLEAN DEFAULT JSON_LENGTH(p_tokens) = 1;

    SET @headgate_searches = 0;

    included: LOOP
        SELECT MIN(place) - 1
          INTO v_place
          FROM JSON_TABLE(p_tokens, '$[*]' COLUMNS (place FOR ORDINALITY, field VARCHAR(64) PATH '$.field')) AS token
         WHERE field = 'search';

        IF v_place IS NULL THEN
            LEAVE included;
        END IF;

        SET v_term = JSON_EXTRACT(p_tokens, CONCAT('$[', v_place, ']')), v_at = JSON_EXTRACT(v_term, '$.at'), v_value = 0,
            v_part = JSON_ARRAY(JSON_OBJECT('kind', '(', 'at', v_at));

        WHILE v_value < JSON_LENGTH(v_term, '$.values') DO
            SET v_word = LEFT(JSON_UNQUOTE(JSON_EXTRACT(v_term, CONCAT('$.values[', v_value, ']'))), 64), v_name = NULL,
                v_tokens = NULL, v_typed = NULL;

            SELECT name, query, filter
              INTO v_name, v_query, v_filter
              FROM saved_search
             WHERE workspace_id = p_workspace_id AND (is_shared OR owner_id = p_actor_id)
               AND IF(v_word REGEXP '^[0-9]{1,19}$', id = CAST(v_word AS UNSIGNED), name = v_word)
             ORDER BY owner_id = p_actor_id DESC, id
             LIMIT 1;

            SET @headgate_searches = @headgate_searches + 1;

            IF v_name IS NULL OR @headgate_searches > 10 OR JSON_VALUE(v_term, '$.comparison') NOT IN (':', '=') THEN
                SET v_message = IF(v_name IS NULL, 'there is no such search', 'ten searches may be named, each after a :');
                CALL raise_error('invalid_request',
                                 CONCAT(IF(JSON_TYPE(v_at) = 'STRING', 'filter: ', 'character '), JSON_UNQUOTE(v_at), ': ', v_message),
                                 JSON_OBJECT('at', v_at, 'errors',
                                             JSON_OBJECT(IF(JSON_TYPE(v_at) = 'STRING', 'filter', 'query'), JSON_ARRAY(v_message))));
            END IF;

            BEGIN
                DECLARE EXIT HANDLER FOR SQLEXCEPTION
                BEGIN
                    GET DIAGNOSTICS CONDITION 1 v_message = MESSAGE_TEXT;
                    CALL raise_error('search_invalid', CONCAT('the search ', v_name, ' cannot be read any more: ', LEFT(v_message, 50)),
                                     JSON_OBJECT('name', v_name, 'problem', v_message));
                END;

                IF v_filter IS NOT NULL THEN
                    CALL _read_filter(v_filter, v_tokens);
                END IF;

                IF v_query <> '' THEN
                    CALL _read_query(v_query, v_typed, v_sort);
                END IF;
            END;

            IF JSON_SEARCH(JSON_EXTRACT(JSON_ARRAY(v_tokens, v_typed), '$[*][*].field'), 'one', 'search') IS NOT NULL THEN
                CALL raise_error('search_invalid', CONCAT('the search ', v_name, ' stands on another one'),
                                 JSON_OBJECT('name', v_name));
            END IF;

            -- What is found anywhere is what has an id.
            SET v_part = JSON_MERGE_PRESERVE(
                    v_part, IF(v_value = 0, '[]', '[{"kind": "or"}]'), '[{"kind": "("}]',
                    COALESCE(v_tokens, JSON_ARRAY(JSON_OBJECT('kind', 'term', 'field', 'is', 'comparison', ':',
                                                              'values', JSON_ARRAY('open', 'closed')))),
                    '[{"kind": ")"}]',
                    IF(v_typed IS NULL, '[]', JSON_MERGE_PRESERVE('[{"kind": "and"}, {"kind": "("}]', v_typed, '[{"kind": ")"}]'))),
                v_value = v_value + 1;
        END WHILE;

        -- Whatever is wrong in it, such as a name that is gone, is wrong where the search is named.
        SELECT JSON_ARRAYAGG(token)
          INTO v_part
          FROM (SELECT JSON_SET(token, '$.at', v_at) AS token
                  FROM JSON_TABLE(JSON_ARRAY_APPEND(v_part, '$', JSON_OBJECT('kind', ')')), '$[*]' COLUMNS (
                           place FOR ORDINALITY, token JSON PATH '$')) AS listed
                 ORDER BY place
                 LIMIT 5000) AS token;

        SET p_tokens = JSON_MERGE_PRESERVE(IF(v_place = 0, '[]', JSON_EXTRACT(p_tokens, CONCAT('$[0 to ', GREATEST(v_place, 1) - 1, ']'))),
                                           v_part,
                                           COALESCE(JSON_EXTRACT(p_tokens, CONCAT('$[', v_place + 1, ' to last]')), '[]'));
    END LOOP;

    IF v_is_alone AND @headgate_searches = 1 THEN
        SET p_sort = COALESCE(p_sort, v_sort);
    END IF;
END
