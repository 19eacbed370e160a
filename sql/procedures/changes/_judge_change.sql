CREATE PROCEDURE _judge_change (
    IN p_workspace_id BIGINT UNSIGNED,
    IN p_actor_id     BIGINT UNSIGNED,
    IN p_place        INT UNSIGNED
)
    COMMENT '
Apply one staged change, or undo what it did and note why it is refused.

Parameters
  p_workspace_id  the workspace, locked
  p_actor_id      the user who asks
  p_place         the index of the change

Result
  none; change_error holds the refusal
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    -- The linter, which is silenced here, does not know SAVEPOINT.
    DECLARE v_is_judged BOOLEAN;  -- noqa: PRS

    -- A refusal of ours; whatever else goes wrong ends the whole call.
    DECLARE EXIT HANDLER FOR SQLSTATE '45000'
    BEGIN
        ROLLBACK TO SAVEPOINT one_change;
        SET @headgate_deriving = NULL;
        CALL _note_refusal(p_place);
    END;

    SAVEPOINT one_change;
    CALL _apply_change(p_workspace_id, p_actor_id, p_place, v_is_judged);

    IF NOT v_is_judged THEN
        INSERT INTO change_error (place) VALUES (p_place);
    END IF;
END
