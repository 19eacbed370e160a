CREATE FUNCTION _search_words (
    p_text TEXT
)
    RETURNS JSON
    COMMENT '
Say what to look for in the index of words for a word or phrase that somebody asks for.

Parameters
  p_text  words that follow each other; a * after the last one means words that begin so

Result
  an object: words (the first eight), prefix (1: the last of these is a beginning),
  phrase (of several words, a pattern) and form (for what: run, for the text, or words,
  for what _spread gives of it; null for one word); NULL if the text has no word or more
  than one *
'
    DETERMINISTIC
    NO SQL
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_is_prefix BOOLEAN DEFAULT p_text LIKE '%*';
    DECLARE v_text      TEXT    DEFAULT TRIM(TRAILING '*' FROM p_text);
    DECLARE v_words     JSON;
    DECLARE v_count     INT;
    DECLARE v_last      VARCHAR(64);
    DECLARE v_before    VARCHAR(64);
    DECLARE v_form      VARCHAR(8);

    IF v_text LIKE '%*%' THEN
        RETURN NULL;
    END IF;

    SELECT JSON_ARRAYAGG(word)
      INTO v_words
      FROM (SELECT word
              FROM JSON_TABLE(_words(v_text), '$[*]' COLUMNS (place FOR ORDINALITY, word VARCHAR(64) PATH '$')) AS listed
             WHERE word <> ''
             ORDER BY place
             LIMIT 1000) AS word;
    SET v_count = JSON_LENGTH(v_words),
        v_last  = JSON_UNQUOTE(JSON_EXTRACT(v_words, '$[last]'));

    IF v_count IS NULL THEN
        RETURN NULL;
    END IF;

    -- What ends in the middle of a row of such characters may go on in the text.
    IF v_last REGEXP CONCAT('^', _dense_script()) THEN
        SET v_before    = JSON_UNQUOTE(JSON_EXTRACT(v_words, '$[last-1]')),
            v_is_prefix = COALESCE(v_before NOT LIKE CONCAT('_', v_last), TRUE);

        IF NOT v_is_prefix THEN
            SET v_words = JSON_REMOVE(v_words, '$[last]'), v_count = v_count - 1;
        END IF;
    END IF;

    -- A row of such characters is found where it stands just so; other words where only gaps lie between them.
    SET v_form = CASE
                     WHEN v_count = 1 THEN NULL
                     WHEN v_text REGEXP CONCAT('^', _dense_script(), '+$') THEN 'run'
                     ELSE 'words'
                 END;

    RETURN JSON_OBJECT(
        'words', JSON_EXTRACT(v_words, '$[0 to 7]'),
        'prefix', IF(v_is_prefix AND v_count <= 8, 1, 0),
        'form', v_form,
        'phrase', CASE v_form
                      WHEN 'run'   THEN CONCAT('%', v_text, '%')
                      WHEN 'words' THEN CONCAT('%', TRIM(TRAILING ' ' FROM _spread(v_text)), IF(v_is_prefix, '%', ' %'))
                  END);
END
