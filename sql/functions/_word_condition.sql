CREATE FUNCTION _word_condition (
    p_alias     VARCHAR(64),
    p_path      VARCHAR(64),
    p_nr        INT,
    p_is_prefix BOOLEAN
)
    RETURNS TEXT CHARSET utf8mb4
    COMMENT '
Give the condition that a row of task_word is about a word that is looked for.

Parameters
  p_alias      what the row is called
  p_path       as for _text_fragment
  p_nr         which of the words, from 0
  p_is_prefix  whether words count that begin with it

Result
  SQL about p_alias
'
    DETERMINISTIC
    NO SQL
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_word TEXT DEFAULT CONCAT(_word_variable(p_path, p_nr), ' COLLATE utf8mb4_0900_ai_ci');

    RETURN IF(p_is_prefix, CONCAT(p_alias, '.word LIKE CONCAT(', v_word, ', ''%'')'), CONCAT(p_alias, '.word = ', v_word));
END
