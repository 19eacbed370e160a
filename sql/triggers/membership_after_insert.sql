-- Who may read is part of what a revision names: a cached answer of an earlier
-- one is out of reach for everybody.
CREATE TRIGGER membership_after_insert AFTER INSERT ON membership FOR EACH ROW
BEGIN
    CALL _log_change(NEW.workspace_id, 'membership', 'insert', NULL, NULL,
                     NULL, JSON_OBJECT('user_id', NEW.user_id, 'role', NEW.role));

    -- Whoever makes a workspace is its first owner: nothing that anybody need be told.
    IF NOT NEW.user_id <=> @headgate_actor_id THEN
        CALL _log_security_event('member_added', NEW.user_id, NEW.workspace_id, @headgate_actor_id, NULL, NULL,
                                 JSON_OBJECT('role', NEW.role));
    END IF;
END
