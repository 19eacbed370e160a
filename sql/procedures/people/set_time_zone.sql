CREATE PROCEDURE set_time_zone (
    IN p_actor_id  BIGINT UNSIGNED,
    IN p_time_zone VARCHAR(64)
)
    COMMENT '
Say in which time zone the actor counts days, as in due:today.

Parameters
  p_actor_id   the user who asks; NULL for the one that the SQL login is bound to
  p_time_zone  an offset, such as +01:00, or a name that the server knows, such as Europe/Paris

Result
  one row, as get_user gives it

Errors
  actor_not_allowed  the login may not ask for that user
  actor_required     the login may ask for any user and named none
  user_not_found     there is no such user
  invalid_request    it is no time zone

Example
  CALL set_time_zone(NULL, "+01:00");
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    -- An open transaction of the caller (1568) is not ours to end.
    DECLARE EXIT HANDLER FOR 1568 RESIGNAL;
    DECLARE EXIT HANDLER FOR SQLEXCEPTION
    BEGIN
        ROLLBACK;
        RESIGNAL;
    END;

    SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
    START TRANSACTION;

    CALL _identify(p_actor_id);

    CALL _check_time_zone(p_time_zone);

    IF NOT EXISTS (SELECT 1 FROM app_user WHERE id = p_actor_id) THEN
        CALL raise_error('user_not_found', CONCAT('no user ', p_actor_id), JSON_OBJECT('user_id', p_actor_id));
    END IF;

    UPDATE app_user SET time_zone = p_time_zone WHERE id = p_actor_id;

    CALL get_user(p_actor_id);

    COMMIT;
END
