CREATE PROCEDURE create_user (
    IN p_username      VARCHAR(32),
    IN p_email         VARCHAR(254),
    IN p_password_hash VARCHAR(72)
)
    COMMENT '
Register a user, with a personal workspace.

Only for the service: whoever may call it vouches for the person.

Parameters
  p_username       the name to log in with
  p_email          an email address
  p_password_hash  the bcrypt hash of the password

Result
  one row, as get_user gives it

Errors
  username_taken  another user has the name
  email_taken     another user has the address

Example
  CALL create_user("ada", "ada@example.org", "$2b$12$...");
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_user_id      BIGINT UNSIGNED;
    DECLARE v_workspace_id BIGINT UNSIGNED;

    -- An open transaction of the caller (1568) is not ours to end.
    DECLARE EXIT HANDLER FOR 1568 RESIGNAL;
    -- Two registrations at once: the slower one finds the name or address taken.
    DECLARE EXIT HANDLER FOR 1062
    BEGIN
        ROLLBACK;
        SET @headgate_actor_id = NULL, @headgate_deriving = NULL;
        CALL raise_error('username_taken', 'the user name or the email address has just been taken',
                         JSON_OBJECT('username', p_username));
    END;
    DECLARE EXIT HANDLER FOR SQLEXCEPTION
    BEGIN
        ROLLBACK;
        SET @headgate_actor_id = NULL, @headgate_deriving = NULL;
        RESIGNAL;
    END;

    SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
    START TRANSACTION;

    IF EXISTS (SELECT 1 FROM app_user WHERE username = p_username FOR UPDATE) THEN
        CALL raise_error('username_taken', CONCAT('the user name ', p_username, ' is taken'), JSON_OBJECT('username', p_username));
    END IF;

    IF EXISTS (SELECT 1 FROM app_user WHERE email = p_email FOR UPDATE) THEN
        CALL raise_error('email_taken', 'the email address is taken', NULL);
    END IF;

    INSERT INTO app_user (username, email, password_hash) VALUES (p_username, p_email, p_password_hash);
    SET v_user_id = LAST_INSERT_ID(), @headgate_actor_id = LAST_INSERT_ID();

    INSERT INTO workspace (name, personal_user_id) VALUES (p_username, v_user_id);
    SET v_workspace_id = LAST_INSERT_ID();
    INSERT INTO membership (workspace_id, user_id, direct_role) VALUES (v_workspace_id, v_user_id, 'owner');

    SELECT id AS user_id, username, email, FALSE AS is_email_confirmed, v_workspace_id AS workspace_id, time_zone, created_at
      FROM app_user
     WHERE id = v_user_id;

    COMMIT;
    SET @headgate_actor_id = NULL;
END
