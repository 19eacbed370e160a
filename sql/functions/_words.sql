CREATE FUNCTION _words (
    p_text LONGTEXT
)
    RETURNS JSON
    COMMENT '
Take a text apart into its words.

A word is a row of letters, marks and digits, of which more than 64 are several; marks of a sign,
such as an emoji, are none. Chinese, Japanese
and Korean need no gaps, so each of their characters is a word with the one that
follows it, and alone where none does: whatever is looked for is a row of such pairs.

Parameters
  p_text  a text

Result
  an array of words in their order, with equal ones, and empty ones, as often as
  they come
'
    DETERMINISTIC
    NO SQL
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_gap   VARCHAR(128) DEFAULT '\\W+';
    DECLARE v_dense VARCHAR(255);

    IF LENGTH(p_text) > CHAR_LENGTH(p_text) THEN
        SET v_gap   = _sign_gap(),
            v_dense = _dense_script(),
            p_text  = REGEXP_REPLACE(p_text, CONCAT('(', v_dense, ')(?=(', v_dense, '?))'), ' $1$2 ');
    END IF;

    SET p_text = REPLACE(p_text, '_', ' ');

    IF CHAR_LENGTH(p_text) > 64 THEN
        SET p_text = REGEXP_REPLACE(p_text, '(\\w{64})(?=\\w)', '$1 ');
    END IF;

    RETURN CAST(CONCAT('["', REGEXP_REPLACE(p_text, v_gap, '","'), '"]') AS JSON);
END
