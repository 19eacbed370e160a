CREATE PROCEDURE request_email_confirmation (
    IN p_actor_id BIGINT UNSIGNED
)
    COMMENT '
Have the actor mailed a link by which they confirm that their address is theirs.

Parameters
  p_actor_id  the user who asks; NULL for the one that the SQL login is bound to

Result
  one row, as get_user gives it

Errors
  actor_not_allowed       the login may not ask for that user
  actor_required          the login may ask for any user and named none
  user_not_found          there is no such user
  api_key_bound           the actor is an API key, which has no address
  email_confirmed         it is confirmed already
  too_many_confirmations  there were five such mails within a day

Example
  CALL request_email_confirmation(NULL);
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_is_confirmed BOOLEAN;

    -- An open transaction of the caller (1568) is not ours to end.
    DECLARE EXIT HANDLER FOR 1568 RESIGNAL;
    DECLARE EXIT HANDLER FOR SQLEXCEPTION
    BEGIN
        ROLLBACK;
        RESIGNAL;
    END;

    SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
    START TRANSACTION;

    CALL _lock_user(p_actor_id, v_is_confirmed);

    IF v_is_confirmed THEN
        CALL raise_error('email_confirmed', 'the address is known to be yours', NULL);
    END IF;

    CALL _ask_confirmation(p_actor_id);
    CALL get_user(p_actor_id);

    COMMIT;
END
