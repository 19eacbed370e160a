CREATE FUNCTION _mentioned_names (
    p_body TEXT
)
    RETURNS JSON
    COMMENT '
Find the names after an @ in a text that is Markdown.

Names in code spans and fenced code are none, nor is what follows a letter, a digit, a
slash or another @ (an address, a path), or a backslash.

Parameters
  p_body  the text

Result
  an array of the first 50 names, as they are written; a name at the end of a sentence also
  without its dot
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_words LONGTEXT;

    -- A text that is made to take too many steps names nobody.
    DECLARE EXIT HANDLER FOR 3699 RETURN JSON_ARRAY();

    IF p_body NOT LIKE '%@%' THEN
        RETURN JSON_ARRAY();
    END IF;

    -- One pass that eats the whole text, each time the first of these that fits. All that
    -- goes again and again is possessive (++, *+), so nothing is ever tried twice. Of what
    -- was eaten only names are left, a line each.
    SET v_words = REGEXP_REPLACE(p_body, CONCAT(
        -- An escaped character.
        '(?s)\\\\.',
        -- Fenced code, to the fence that ends it or to the end.
        '|(?<![^\\n]) {0,3}(`{3,}+)[^`\\n]*+(?=\\n|\\z)(?:\\n(?! {0,3}\\1)[^\\n]*+)*+(?:\\n {0,3}\\1[^\\n]*+)?+',
        '|(?<![^\\n]) {0,3}(~{3,}+)[^\\n]*+(?:\\n(?! {0,3}\\2)[^\\n]*+)*+(?:\\n {0,3}\\2[^\\n]*+)?+',
        -- A code span, to as many backticks as began it, within its paragraph.
        '|(`++)(?:[^`\\n]++|\\n(?![ \\t\\r]*+(?:\\n|\\z))|(?!\\3(?!`))`++)*+\\3(?!`)',
        -- A name.
        '|(?<![\\w@/])@([A-Za-z0-9_.-]{1,32}+)(?![\\w@/])',
        -- The rest, up to where one of these could begin.
        '|`++|[^`~@\\\\\\n]++|.'), '$4\n', 1, 0, 'c');

    RETURN (
        SELECT COALESCE(JSON_ARRAYAGG(name), JSON_ARRAY())
          FROM (SELECT name
                  FROM (SELECT place, word AS name
                          FROM JSON_TABLE(CONCAT('["', REGEXP_REPLACE(v_words, '\n++', '","'), '"]'),
                                          '$[*]' COLUMNS (place FOR ORDINALITY, word VARCHAR(32) PATH '$')) AS written
                         UNION ALL
                        SELECT place, REGEXP_REPLACE(word, '[.-]++$', '')
                          FROM JSON_TABLE(CONCAT('["', REGEXP_REPLACE(v_words, '\n++', '","'), '"]'),
                                          '$[*]' COLUMNS (place FOR ORDINALITY, word VARCHAR(32) PATH '$')) AS trimmed
                         WHERE word REGEXP '[.-]$') AS named
                 WHERE name <> ''
                 GROUP BY name
                 ORDER BY MIN(place)
                 LIMIT 50) AS first_ones);
END
