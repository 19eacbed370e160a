CREATE PROCEDURE get_credentials (
    IN p_username VARCHAR(32)
)
    COMMENT '
Show what is needed to check a password.

Only for the service.

Parameters
  p_username  the name to log in with

Result
  one row, or none if there is no such user: user_id, username, password_hash,
  workspace_id

Example
  CALL get_credentials("ada");
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    SELECT app_user.id AS user_id, app_user.username, app_user.password_hash, workspace.id AS workspace_id
      FROM app_user
      JOIN workspace ON workspace.personal_user_id = app_user.id
     WHERE app_user.username = p_username;
END
