CREATE PROCEDURE get_user (
    IN p_actor_id BIGINT UNSIGNED
)
    COMMENT '
Show who the actor is.

Parameters
  p_actor_id  the user who asks; NULL for the one that the SQL login is bound to

Result
  one row: user_id, username, email, is_email_confirmed, workspace_id (the personal one),
  time_zone, created_at; of an API key there is no email, and workspace_id is the one it belongs to

Errors
  actor_not_allowed  the login may not ask for that user
  actor_required     the login may ask for any user and named none
  user_not_found     there is no such user

Example
  CALL get_user(NULL);
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    CALL _identify(p_actor_id);

    IF NOT EXISTS (SELECT 1 FROM app_user WHERE id = p_actor_id) THEN
        CALL raise_error('user_not_found', CONCAT('no user ', p_actor_id), JSON_OBJECT('user_id', p_actor_id));
    END IF;

    SELECT app_user.id AS user_id, app_user.username, IF(api_key.id IS NULL, app_user.email, NULL) AS email,
           app_user.email_verified_at IS NOT NULL AS is_email_confirmed,
           COALESCE(workspace.id, api_key.workspace_id) AS workspace_id, app_user.time_zone, app_user.created_at
      FROM app_user
      LEFT JOIN workspace ON workspace.personal_user_id = app_user.id
      LEFT JOIN api_key ON api_key.user_id = app_user.id
     WHERE app_user.id = p_actor_id;
END
