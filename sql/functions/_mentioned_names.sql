CREATE FUNCTION _mentioned_names (
    p_body TEXT
)
    RETURNS JSON
    COMMENT '
Find the names after an @ in a text that is Markdown.

Names in code are none, nor is what follows a letter, a digit, a slash or another @ (an
address, a path), or a backslash. This is no whole reader of Markdown: where it cannot tell
whether something is code, it takes it for code.

Parameters
  p_body  the text

Result
  an array of the first 50 names, each an array: as it is written, without the dots and
  hyphens at its end (of a sentence), and without underscores there too (of emphasis)
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    -- The marks of quotes and lists that a line begins with, and what follows them of blanks.
    DECLARE c_marks VARCHAR(100) DEFAULT '[ \\t]*+(?:(?:>|(?:[-+*]|[0-9]{1,9}+[.)])(?=[ \\t]))[ \\t]*+)++';
    -- What follows the fence that begins code (one of backticks has none behind it), and the one that ends it.
    DECLARE c_info  VARCHAR(100) DEFAULT '(?:(?<=~)|(?![^`\\n]*+`))[^\\n]*+';
    DECLARE c_end   VARCHAR(100) DEFAULT '[ \\t\\r]*+(?=\\n|\\z)';
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
        -- Indented code: what begins with four blanks or a tab, after an empty line or at the start.
        '|(?:\\A|(?<![^\\n])[ \\t\\r]*+\\n)(?:(?: {4}| {0,3}\\t)[^\\n]*+(?:\\n|\\z))++',
        -- The same behind the mark of a quote or a list.
        '|(?<![^\\n])', c_marks, '(?<= {5}|[ \\t]\\t)[^\\n]*+(?:\\n[ \\t]++(?<= {5}|\\t)[^\\n]*+)*+',
        -- Fenced code, to the fence that ends it or to the end.
        '|(?<![^\\n])([ \\t]*+)((`|~)\\3{2,}+)', c_info, '(?:\\n(?!(?:\\1| {0,3})\\2\\3*+', c_end, ')[^\\n]*+)*+',
        '(?:\\n(?:\\1| {0,3})\\2\\3*+', c_end, ')?+',
        -- The same behind a mark: it also ends before a line that begins with neither a blank nor another >.
        '|(?<![^\\n])', c_marks, '((`|~)\\5{2,}+)', c_info, '(?:\\n(?=[ \\t\\r\\n>]|\\z)(?![ \\t>]*+\\4\\5*+', c_end, ')[^\\n]*+)*+',
        '(?:\\n[ \\t>]*+\\4\\5*+', c_end, ')?+',
        -- A code span, to as many backticks as began it, within its paragraph, which fenced code ends too.
        '|(`++)(?:[^`\\n]++|\\n(?![ \\t\\r]*+(?:\\n|\\z)| {0,3}(?:`{3,}+[^`\\n]*+(?:\\n|\\z)|~~~))|(?!\\6(?!`))`++)*+\\6(?!`)',
        -- A name, which may stand in underscores.
        '|(?<![@/[^\\W_]]_{0,3})@([A-Za-z0-9_.-]{1,40}+)(?![\\w@/])',
        -- The rest, up to where one of these could begin.
        '|`++|[^`~@\\\\\\n]++|.'), '$7\n', 1, 0, 'c');

    RETURN (
        SELECT COALESCE(JSON_ARRAYAGG(JSON_ARRAY(word, REGEXP_REPLACE(word, '[.-]++$', ''),
                                                 REGEXP_REPLACE(word, '[._-]++$', ''))), JSON_ARRAY())
          FROM (SELECT word
                  FROM JSON_TABLE(CONCAT('["', REGEXP_REPLACE(v_words, '\n++', '","'), '"]'),
                                  '$[*]' COLUMNS (place FOR ORDINALITY, word VARCHAR(40) PATH '$')) AS written
                 WHERE word <> ''
                 GROUP BY word
                 ORDER BY MIN(place)
                 LIMIT 50) AS first_ones);
END
