CREATE PROCEDURE _lock_user (
    INOUT p_actor_id     BIGINT UNSIGNED,
    OUT   p_is_confirmed BOOLEAN
)
    COMMENT '
Begin a change of what is known about the actor: find out who it is, and lock the row.

Parameters
  p_actor_id      as for _identify
  p_is_confirmed  whether the address is known to be theirs

Result
  none

Errors
  actor_not_allowed  as for _identify
  actor_required     as for _identify
  user_not_found     there is no such user
  api_key_bound      the actor is an API key
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_is_key BOOLEAN;

    CALL _identify(p_actor_id);

    SELECT app_user.email_verified_at IS NOT NULL, api_key.id IS NOT NULL
      INTO p_is_confirmed, v_is_key
      FROM app_user
      LEFT JOIN api_key ON api_key.user_id = app_user.id
     WHERE app_user.id = p_actor_id
       FOR UPDATE OF app_user;

    IF v_is_key IS NULL THEN
        CALL raise_error('user_not_found', CONCAT('no user ', p_actor_id), JSON_OBJECT('user_id', p_actor_id));
    END IF;

    IF v_is_key THEN
        CALL raise_error('api_key_bound', 'an API key is no person', NULL);
    END IF;
END
