CREATE PROCEDURE _refuse_key (
    IN p_actor_id     BIGINT UNSIGNED,
    IN p_workspace_id BIGINT UNSIGNED
)
    COMMENT '
Refuse an API key what would outlive it.

Parameters
  p_actor_id      the user who asks
  p_workspace_id  where

Result
  none

Errors
  permission_denied  the actor is a key
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    IF EXISTS (SELECT 1 FROM api_key WHERE user_id = p_actor_id) THEN
        CALL raise_error('permission_denied', 'a key may not, since it would go on after the key was revoked',
                         JSON_OBJECT('workspace_id', p_workspace_id));
    END IF;
END
