CREATE PROCEDURE confirm_email (
    IN p_user_id BIGINT UNSIGNED,
    IN p_email   VARCHAR(254)
)
    COMMENT '
Note that an address belongs to a user.

Only for the service, to which somebody has shown what it had mailed to that address.

Parameters
  p_user_id  the user
  p_email    the address

Result
  one row: user_id, username, email

Errors
  confirmation_invalid  that is not the address of the user any more

Example
  CALL confirm_email(7, "ada@example.org");
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    UPDATE app_user
       SET email_verified_at = COALESCE(email_verified_at, NOW(6))
     WHERE id = p_user_id AND email = p_email;

    IF NOT EXISTS (SELECT 1 FROM app_user WHERE id = p_user_id AND email = p_email) THEN
        CALL raise_error('confirmation_invalid', 'that is not your address any more', NULL);
    END IF;

    SELECT id AS user_id, username, email FROM app_user WHERE id = p_user_id;
END
