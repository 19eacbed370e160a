CREATE FUNCTION _spread (
    p_text LONGTEXT
)
    RETURNS LONGTEXT CHARSET utf8mb4
    COMMENT '
Write the words of a text one after the other, with one blank around each.

So words that follow each other can be looked for by LIKE. Characters of Chinese,
Japanese and Korean stand alone.

Parameters
  p_text  a text

Result
  its words
'
    DETERMINISTIC
    NO SQL
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_gap VARCHAR(128) DEFAULT '\\W+';

    IF LENGTH(p_text) > CHAR_LENGTH(p_text) THEN
        SET v_gap  = _sign_gap(),
            p_text = REGEXP_REPLACE(p_text, _dense_script(), ' $0 ');
    END IF;

    RETURN REGEXP_REPLACE(CONCAT(' ', REPLACE(p_text, '_', ' '), ' '), v_gap, ' ');
END
