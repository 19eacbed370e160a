-- See membership_after_insert.
CREATE TRIGGER membership_after_delete AFTER DELETE ON membership FOR EACH ROW
BEGIN
    CALL _log_change(OLD.workspace_id, 'membership', 'delete', NULL, NULL,
                     JSON_OBJECT('user_id', OLD.user_id, 'role', OLD.role), NULL);
    CALL _log_security_event('member_removed', OLD.user_id, OLD.workspace_id, @headgate_actor_id, NULL, NULL,
                             JSON_OBJECT('role', OLD.role));
    CALL _revoke_api_keys(OLD.workspace_id, OLD.user_id);
END
