CREATE FUNCTION _text_fragment (
    p_path      VARCHAR(64),
    p_count     INT,
    p_is_prefix BOOLEAN,
    p_form      VARCHAR(8)
)
    RETURNS TEXT CHARSET utf8mb4
    COMMENT '
Give the condition that a task has a word, or words that follow each other.

As in _filter_fragment nothing of it comes from a caller. The words are looked up in
the index of words. That they follow each other is judged by their places first,
which rules out most, and then by the text.

Parameters
  p_path       where the value stands in @headgate_values, as _search_words gives it
  p_count      how many words it has
  p_is_prefix  whether the last one is the beginning of a word
  p_form       what the text must have besides: words, as _spread puts them; run, a row of
               characters just as it is; NULL for nothing

Result
  SQL about task, comment and @headgate_workspace_id
'
    DETERMINISTIC
    NO SQL
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_nr     INT  DEFAULT 0;
    DECLARE v_from   TEXT DEFAULT '';
    DECLARE v_where  TEXT DEFAULT '';
    DECLARE v_alias  VARCHAR(64);
    DECLARE v_before VARCHAR(64);
    DECLARE v_phrase TEXT DEFAULT CONCAT(_word_variable(p_path, NULL), ' COLLATE utf8mb4_0900_ai_ci');

    WHILE v_nr < p_count DO
        SET v_before = v_alias,
            v_alias  = REPLACE(_word_variable(p_path, v_nr), '@headgate_', ''),
            v_from   = CONCAT_WS(' STRAIGHT_JOIN ', NULLIF(v_from, ''), CONCAT('task_word AS ', v_alias)),
            v_where  = CONCAT_WS(' AND ', NULLIF(v_where, ''),
                                 CONCAT(v_alias, '.workspace_id = @headgate_workspace_id AND ', v_alias, '.task_id = task.id'),
                                 _word_condition(v_alias, p_path, v_nr, p_is_prefix AND v_nr = p_count - 1),
                                 CONCAT('(', v_before, '.places << 1 | ', v_before, '.places >> 63) & ', v_alias, '.places')),
            v_nr     = v_nr + 1;
    END WHILE;

    SET v_from = CONCAT('EXISTS (SELECT 1 FROM ', v_from, ' WHERE ', v_where, ')');

    IF p_form IS NULL THEN
        RETURN v_from;
    END IF;

    -- The text is only read where all words are in place.
    SET v_where = IF(p_form = 'run', CONCAT('? LIKE ', v_phrase), CONCAT('_spread(?) LIKE ', v_phrase));

    RETURN CONCAT('IF(', v_from, ', EXISTS (SELECT 1 FROM task AS written WHERE written.id = task.id AND (',
                  REPLACE(v_where, '?', 'written.title'), ' OR ', REPLACE(v_where, '?', 'written.description'),
                  ')) OR EXISTS (SELECT 1 FROM comment WHERE comment.workspace_id = @headgate_workspace_id',
                  ' AND comment.task_id = task.id AND ', REPLACE(v_where, '?', 'comment.body'), '), FALSE)');
END
