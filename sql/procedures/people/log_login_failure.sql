CREATE PROCEDURE log_login_failure (
    IN p_user_id    BIGINT UNSIGNED,
    IN p_address    VARCHAR(45),
    IN p_user_agent VARCHAR(255)
)
    COMMENT '
Write down that a password was wrong.

Only for the service. A name that is not there is not kept: people type passwords
into the wrong field. But a row is written all the same, so that the answer takes
as long.

Parameters
  p_user_id     whose password it would have been, or NULL if there is no such user
  p_address     address of the client
  p_user_agent  what the client calls itself

Result
  none

Example
  CALL log_login_failure(NULL, "192.0.2.7", "curl/8.5");
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    CALL _log_security_event('login_failed', p_user_id, NULL, NULL, p_address, p_user_agent, NULL);
END
