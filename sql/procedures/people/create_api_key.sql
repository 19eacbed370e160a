CREATE PROCEDURE create_api_key (
    IN p_actor_id     BIGINT UNSIGNED,
    IN p_workspace_id BIGINT UNSIGNED,
    IN p_name         VARCHAR(120),
    IN p_scope        VARCHAR(16),
    IN p_seconds      INT UNSIGNED,
    IN p_prefix       VARCHAR(16),
    IN p_key_hash     CHAR(64)
)
    COMMENT '
Make a key by which a machine may use a workspace.

Only for the service, which makes the secret and shows it once. The key becomes a user of
its own, a member of this workspace and of no other, in the role that is its scope: so
what it may do is decided where it is decided for people, and what it does is logged
as done by it.

Parameters
  p_actor_id      the user who asks
  p_workspace_id  the workspace
  p_name          what people call it
  p_scope         api_key_scope.scope: read, write or admin
  p_seconds       how long it is good for; NULL: for ever
  p_prefix        how the key begins
  p_key_hash      SHA-256 of the whole key

Result
  one row: api_key_id, workspace_id, user_id, username, name, prefix, scope, created_by,
  created_at, expires_at, used_at, revoked_at, revision

Errors
  actor_not_allowed    the login may not ask for that user
  actor_required       the login may ask for any user and named none
  permission_denied    only owners and admins make keys, and keys make none
  workspace_not_found  there is no such workspace for the actor
  invalid_request      there is no name, or no such scope

Example
  CALL create_api_key(7, 3, "build server", "write", 86400, "k3v9x2m4qa", SHA2("key", 256));
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_role       VARCHAR(16);
    DECLARE v_user_id    BIGINT UNSIGNED;
    DECLARE v_api_key_id BIGINT UNSIGNED;

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

    -- Whoever revokes a key must not leave another one behind that it made.
    IF EXISTS (SELECT 1 FROM api_key WHERE user_id = p_actor_id) THEN
        CALL raise_error('permission_denied', 'a key makes no keys', JSON_OBJECT('workspace_id', p_workspace_id));
    END IF;

    SELECT role INTO v_role FROM api_key_scope WHERE BINARY scope = BINARY p_scope;

    IF v_role IS NULL OR p_name IS NULL OR TRIM(p_name) = '' THEN
        CALL raise_error('invalid_request', 'a key has a name and one of the scopes',
                         JSON_OBJECT('errors', JSON_OBJECT(IF(v_role IS NULL, 'scope', 'name'), JSON_ARRAY('not valid'))));
    END IF;

    -- No person has a colon in the name or an empty hash, so nobody logs in as a key.
    INSERT INTO app_user (username, email, password_hash) VALUES (CONCAT('key:', p_prefix), CONCAT('key:', p_prefix), '');
    SET v_user_id = LAST_INSERT_ID();

    INSERT INTO api_key (workspace_id, user_id, name, prefix, key_hash, created_by, expires_at)
    VALUES (p_workspace_id, v_user_id, p_name, p_prefix, p_key_hash, p_actor_id, CURRENT_TIMESTAMP(6) + INTERVAL p_seconds SECOND);
    SET v_api_key_id = LAST_INSERT_ID();

    INSERT INTO membership (workspace_id, user_id, direct_role) VALUES (p_workspace_id, v_user_id, v_role);

    CALL _log_security_event('api_key_created', p_actor_id, p_workspace_id, p_actor_id, NULL, NULL,
                             JSON_OBJECT('api_key_id', v_api_key_id, 'name', p_name, 'scope', p_scope));

    SELECT api_key.id AS api_key_id, api_key.workspace_id, api_key.user_id, CONCAT('key:', api_key.prefix) AS username,
           api_key.name, api_key.prefix, p_scope AS scope, api_key.created_by, api_key.created_at, api_key.expires_at,
           api_key.used_at, api_key.revoked_at, _revision(p_workspace_id) AS revision
      FROM api_key
     WHERE api_key.id = v_api_key_id;

    COMMIT;
    SET @headgate_actor_id = NULL;
END
