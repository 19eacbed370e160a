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
    -- In a variable: in the condition it would be worked out for each login that there is.
    DECLARE v_login    VARCHAR(32) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin DEFAULT _login();
    DECLARE v_is_known BOOLEAN DEFAULT FALSE;
    DECLARE v_user_id  BIGINT UNSIGNED;

    SELECT TRUE, user_id INTO v_is_known, v_user_id FROM sql_account WHERE login = v_login;

    IF NOT v_is_known OR p_actor_id <> v_user_id THEN
        CALL raise_error('actor_not_allowed', CONCAT('login ', v_login, ' may not act for ',
                         COALESCE(CONCAT('user ', p_actor_id), 'any user')), JSON_OBJECT('login', v_login));
    END IF;

    -- Chosen ids would use up those of everybody: a table ends at the highest.
    IF v_user_id IS NOT NULL
        AND (@@insert_id <> 0 OR NOT @@foreign_key_checks OR NOT @@unique_checks
             OR @@auto_increment_increment <> @@GLOBAL.auto_increment_increment
             OR @@auto_increment_offset <> @@GLOBAL.auto_increment_offset) THEN
        CALL raise_error('actor_not_allowed',
                         'set insert_id, auto_increment_*, foreign_key_checks and unique_checks back, or begin a new session',
                         JSON_OBJECT('login', v_login));
    END IF;

    -- A session may set its clock; what is written down is real.
    SET p_actor_id = COALESCE(v_user_id, p_actor_id), timestamp = DEFAULT;

    IF p_actor_id IS NULL THEN
        CALL raise_error('actor_required', CONCAT('login ', v_login, ' has to name the user it asks for'), NULL);
    END IF;
END
