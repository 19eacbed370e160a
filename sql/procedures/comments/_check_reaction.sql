CREATE PROCEDURE _check_reaction (
    IN p_kind VARCHAR(16)
)
    COMMENT '
Refuse a reaction that does not exist.

Parameters
  p_kind  reaction_kind.kind

Result
  none

Errors
  reaction_unknown  there is none of that name
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    -- Byte by byte: with a space behind it, the word would be the same to the key.
    IF NOT EXISTS (SELECT 1 FROM reaction_kind WHERE BINARY kind = BINARY p_kind) THEN
        CALL raise_error('reaction_unknown', CONCAT('no reaction ', COALESCE(p_kind, 'NULL')), JSON_OBJECT('kind', p_kind));
    END IF;
END
