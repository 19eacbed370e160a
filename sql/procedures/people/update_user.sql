CREATE PROCEDURE update_user (
    IN p_actor_id  BIGINT UNSIGNED,
    IN p_email     VARCHAR(254),
    IN p_time_zone VARCHAR(64)
)
    COMMENT '
Change what is known about the actor.

A new address has to be confirmed: a mail asks for that, and until then nothing else is
mailed there.

Parameters
  p_actor_id   the user who asks; NULL for the one that the SQL login is bound to
  p_email      an address for mails; NULL: as it is
  p_time_zone  in which time zone they count days: an offset, such as +01:00, or a name that
               the server knows, such as Europe/Paris; NULL: as it is

Result
  one row, as get_user gives it

Errors
  actor_not_allowed       the login may not ask for that user
  actor_required          the login may ask for any user and named none
  user_not_found          there is no such user
  api_key_bound           the actor is an API key
  invalid_request         it is no address, or no time zone
  email_taken             another user has the address
  too_many_confirmations  the address was changed five times within a day

Example
  CALL update_user(NULL, NULL, "+01:00");
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_is_confirmed BOOLEAN;

    -- An open transaction of the caller (1568) is not ours to end.
    DECLARE EXIT HANDLER FOR 1568 RESIGNAL;
    -- Two at once: the slower one finds the address taken.
    DECLARE EXIT HANDLER FOR 1062
    BEGIN
        ROLLBACK;
        CALL raise_error('email_taken', 'the email address is taken', NULL);
    END;
    DECLARE EXIT HANDLER FOR SQLEXCEPTION
    BEGIN
        ROLLBACK;
        RESIGNAL;
    END;

    SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
    START TRANSACTION;

    CALL _lock_user(p_actor_id, v_is_confirmed);

    IF p_time_zone IS NOT NULL THEN
        CALL _check_time_zone(p_time_zone);
        UPDATE app_user SET time_zone = p_time_zone WHERE id = p_actor_id;
    END IF;

    -- One address, and nothing that could be taken for more of a mail than that.
    IF NOT REGEXP_LIKE(p_email, '^[^@[:space:][:cntrl:]"(),:;<>\\[\\]\\\\]{1,64}@[[:alnum:]]([[:alnum:].-]*[[:alnum:]])?\\z') THEN
        CALL raise_error('invalid_request', 'that is no email address',
                         JSON_OBJECT('errors', JSON_OBJECT('email', JSON_ARRAY('is no address'))));
    END IF;

    IF p_email <> (SELECT email FROM app_user WHERE id = p_actor_id) THEN
        UPDATE app_user SET email = p_email, email_verified_at = NULL WHERE id = p_actor_id;
        CALL _log_security_event('email_changed', p_actor_id, NULL, p_actor_id, NULL, NULL, NULL);
        CALL _ask_confirmation(p_actor_id);
    END IF;

    CALL get_user(p_actor_id);

    COMMIT;
END
