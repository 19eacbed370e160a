CREATE PROCEDURE _ask_confirmation (
    IN p_user_id BIGINT UNSIGNED
)
    COMMENT '
Have a user mailed the question whether their address is theirs.

At most five in a day: whoever types the address of somebody else is no reason to
bother them.

Parameters
  p_user_id  the user

Result
  none

Errors
  too_many_confirmations  there were five within a day
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    IF (SELECT COUNT(*)
          FROM mail
         WHERE user_id = p_user_id AND purpose = 'confirmation' AND created_at > NOW(6) - INTERVAL 1 DAY) >= 5 THEN
        CALL raise_error('too_many_confirmations', 'five mails have asked within a day whether the address is yours', NULL);
    END IF;

    INSERT INTO mail (user_id, purpose, address, batch) SELECT id, 'confirmation', email, UUID() FROM app_user WHERE id = p_user_id;
END
