CREATE PROCEDURE _identify (
    INOUT p_actor_id BIGINT UNSIGNED
)
    COMMENT '
Find out for which user a call is made.

A login that is bound to a user is that user and nobody else. The service and
the owner, bound to nobody, say for whom they ask. A session of a bound login that
chooses the ids of new rows, or leaves out checks, is not listened to.

Parameters
  p_actor_id  the user named by the caller, or NULL for "me"; the user found

Result
  none

Errors
  actor_not_allowed  the login is bound to nobody, or to another user, or its session
                     has set what would make ids or references wrong
  actor_required     the login may speak for any user and names none
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_login   VARCHAR(32);
    DECLARE v_user_id BIGINT UNSIGNED;

    SELECT login, user_id INTO v_login, v_user_id FROM sql_account WHERE login = _login();

    IF v_login IS NULL OR p_actor_id <> v_user_id THEN
        CALL raise_error('actor_not_allowed', CONCAT('login ', _login(), ' may not act for ',
                         COALESCE(CONCAT('user ', p_actor_id), 'any user')), JSON_OBJECT('login', _login()));
    END IF;

    -- Chosen ids would use up those of everybody: a table ends at the highest.
    IF v_user_id IS NOT NULL
        AND (@@insert_id <> 0 OR NOT @@foreign_key_checks OR NOT @@unique_checks
             OR @@auto_increment_increment <> @@GLOBAL.auto_increment_increment
             OR @@auto_increment_offset <> @@GLOBAL.auto_increment_offset) THEN
        CALL raise_error('actor_not_allowed',
                         'set insert_id, auto_increment_*, foreign_key_checks and unique_checks back, or begin a new session',
                         JSON_OBJECT('login', _login()));
    END IF;

    -- A session may set its clock; what is written down is real.
    SET p_actor_id = COALESCE(v_user_id, p_actor_id), timestamp = DEFAULT;

    IF p_actor_id IS NULL THEN
        CALL raise_error('actor_required', CONCAT('login ', v_login, ' has to name the user it asks for'), NULL);
    END IF;
END
