CREATE PROCEDURE create_workspace (
    IN p_actor_id BIGINT UNSIGNED,
    IN p_name     VARCHAR(120)
)
    COMMENT '
Create a shared workspace, owned by the actor.

Parameters
  p_actor_id  the user who asks; NULL for the one that the SQL login is bound to
  p_name      what people call it

Result
  one row: workspace_id, name, role, is_personal, organization_id (NULL), revision,
  created_at

Errors
  actor_not_allowed  the login may not ask for that user
  actor_required     the login may ask for any user and named none
  user_not_found     there is no such user
  invalid_request    the name is empty
  api_key_bound      the actor is an API key, which belongs to one workspace only

Example
  CALL create_workspace(NULL, "Website");
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_workspace_id BIGINT UNSIGNED;

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

    CALL _identify(p_actor_id);

    IF NOT EXISTS (SELECT 1 FROM app_user WHERE id = p_actor_id) THEN
        CALL raise_error('user_not_found', CONCAT('no user ', p_actor_id), JSON_OBJECT('user_id', p_actor_id));
    END IF;

    CALL _check_name(p_name, 'a workspace');

    SET @headgate_actor_id = p_actor_id;
    INSERT INTO workspace (name) VALUES (p_name);
    SET v_workspace_id = LAST_INSERT_ID();
    INSERT INTO membership (workspace_id, user_id, direct_role) VALUES (v_workspace_id, p_actor_id, 'owner');

    CALL _show_workspace(v_workspace_id, p_actor_id);

    COMMIT;
    SET @headgate_actor_id = NULL;
END
