CREATE FUNCTION _word_variable (
    p_path VARCHAR(64),
    p_nr   INT
)
    RETURNS VARCHAR(64) CHARSET utf8mb4
    COMMENT '
Name the session variable that holds a word which is looked for.

What is compared with thousands of rows would otherwise be read out of
@headgate_values thousands of times.

Parameters
  p_path  where the value stands in @headgate_values, as _search_words gives it
  p_nr    which of its words, from 0; NULL for the phrase

Result
  a name made of numbers
'
    DETERMINISTIC
    NO SQL
    SQL SECURITY DEFINER
RETURN CONCAT('@headgate_word', REGEXP_REPLACE(CONCAT(p_path, '.', COALESCE(p_nr, '')), '[^0-9]+', '_'))
