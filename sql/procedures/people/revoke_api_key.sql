CREATE PROCEDURE revoke_api_key (
    IN p_actor_id     BIGINT UNSIGNED,
    IN p_workspace_id BIGINT UNSIGNED,
    IN p_api_key_id   BIGINT UNSIGNED
)
    COMMENT '
Revoke a key: within a second it opens nothing any more.

Parameters
  p_actor_id      the user who asks; NULL for the one that the SQL login is bound to
  p_workspace_id  the workspace
  p_api_key_id    the key, of list_api_keys

Result
  one row: api_key_id, workspace_id, revoked_at, revision

Errors
  actor_not_allowed    the login may not ask for that user
  actor_required       the login may ask for any user and named none
  permission_denied    the actor is a member, but neither owner nor admin
  workspace_not_found  there is no such workspace for the actor
  api_key_not_found    the workspace has no such key, or it was revoked before

Example
  CALL revoke_api_key(NULL, 3, 12);
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_user_id BIGINT UNSIGNED;

    -- An open transaction of the caller (1568) is not ours to end.
    DECLARE EXIT HANDLER FOR 1568 RESIGNAL;
    DECLARE EXIT HANDLER FOR SQLEXCEPTION
    BEGIN
        ROLLBACK;
        SET @headgate_actor_id = NULL, @headgate_deriving = NULL;
        RESIGNAL;
    END;

    SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
    START TRANSACTION;

    CALL _lock_workspace(p_actor_id, p_workspace_id, 'administer');

    SELECT user_id
      INTO v_user_id
      FROM api_key
     WHERE id = p_api_key_id AND workspace_id = p_workspace_id AND revoked_at IS NULL;

    IF v_user_id IS NULL THEN
        CALL raise_error('api_key_not_found', CONCAT('no key ', COALESCE(p_api_key_id, 'NULL')),
                         JSON_OBJECT('api_key_id', p_api_key_id));
    END IF;

    -- Without its membership it is nobody; the trigger notes when.
    DELETE FROM membership WHERE workspace_id = p_workspace_id AND user_id = v_user_id;

    SELECT id AS api_key_id, workspace_id, revoked_at, _revision(p_workspace_id) AS revision
      FROM api_key
     WHERE id = p_api_key_id;

    COMMIT;
    SET @headgate_actor_id = NULL;
END
